const NAME = 'registry-doctor';

/** How a person types this program again: as this time. */
export function programAsCalled({ argv, env }: Pick<NodeJS.Process, 'argv' | 'env'>): string {
  const script = argv[1] ?? '';
  if (env['npm_command'] === 'exec') return `npx ${NAME}`;
  if (env['npm_lifecycle_event'] === 'cli') return 'npm run -s cli --';
  return script.endsWith(`/${NAME}`) ? NAME : `node ${script}`;
}

/** Advice that names the program, as it has to be typed here. Every command of ours in a text is in backticks. */
export function asCalled(text: string, program: string): string {
  return text.replaceAll(`\`${NAME} `, `\`${program} `);
}
