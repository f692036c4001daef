const NAME = 'registry-doctor';

/** Returns how a person types this program, as it was called this time. */
export function programAsCalled({ argv, env }: Pick<NodeJS.Process, 'argv' | 'env'>): string {
  const script = argv[1] ?? '';
  if (env['npm_command'] === 'exec') return `npx ${NAME}`;
  if (env['npm_lifecycle_event'] === 'cli') return 'npm run -s cli --';
  return script.endsWith(`/${NAME}`) ? NAME : `node ${script}`;
}

/** Rewrites the commands in a text to how this program is called here. They are the parts in backticks. */
export function asCalled(text: string, program: string): string {
  return text.replaceAll(`\`${NAME} `, `\`${program} `);
}
