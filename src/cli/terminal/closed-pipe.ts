/**
 * `registry-doctor … | head` closes the pipe early. That ends the program as SIGPIPE ends others, and is not an error.
 */
export function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(128 + 13);
  throw error;
}
