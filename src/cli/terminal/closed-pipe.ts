/** `registry-doctor … | head` closes the pipe early; that ends the program as SIGPIPE ends others, and is no fault. */
export function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(128 + 13);
  throw error;
}
