const NAME = 'registry-doctor';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a person types this program again: the same way as this time. */
export function programAsCalled(script: string, environment: Environment): string {
  if (environment['npm_command'] === 'exec') return `npx ${NAME}`;
  if (environment['npm_lifecycle_event'] === 'cli') return 'npm run -s cli --';
  return script.endsWith(`/${NAME}`) ? NAME : `node ${script}`;
}

/** Advice that names the program, as it has to be typed here. Every command of ours in a text stands in backticks. */
export function asCalled(text: string, program: string): string {
  return text.replaceAll(`\`${NAME} `, `\`${program} `);
}
