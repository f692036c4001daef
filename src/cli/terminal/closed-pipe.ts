/**
 * Ends the program without an error if the reader of its output has gone, as SIGPIPE ends other programs.
 * `registry-doctor … | head` closes the pipe early.
 */
export function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(128 + 13);
  throw error;
}
