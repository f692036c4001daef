import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Node strips no types below node_modules, where an installed package is. There this strips the types of our own files, for the thread
 * that imports it. In a checkout, and after `npm install -g .`, Node does it.
 */
const OURS = new URL('./', import.meta.url).href;
if (OURS.includes('/node_modules/')) {
  quietly(() => stripTypeScriptTypes(''));
  registerHooks({
    load: (url, context, nextLoad) => {
      if (!url.startsWith(OURS) || !url.endsWith('.ts')) return nextLoad(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

/** Node says once that stripping types is experimental, which is nothing to the person at the terminal. */
function quietly(act) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  act();
  process.emitWarning = emitWarning;
}
