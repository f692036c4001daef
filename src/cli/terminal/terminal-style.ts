import { styleText } from 'node:util';
import type { TerminalStyle } from '../../telling/text/terminal-text.ts';

/** Returns the styles of a terminal: with color, or plain. */
export function terminalStyle(colour: boolean): TerminalStyle {
  const styled = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return { bold: styled('bold'), alarming: styled(['bold', 'red']), reassuring: styled('green'), faint: styled('dim') };
}
