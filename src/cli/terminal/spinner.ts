import type { Console } from './console.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 80;

/** Shows activity for as long as the work takes. */
export async function withSpinner<T>(console: Console, text: string, work: () => Promise<T>): Promise<T> {
  let frame = 0;
  const show = () => {
    console.progress(`${FRAMES[frame % FRAMES.length] ?? ''} ${text}`);
    frame += 1;
  };
  show();
  const timer = setInterval(show, FRAME_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    console.progress(null);
  }
}
