import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Preloaded with `--import`: writes the URL of each module that the program loads to stderr, one a line. */
registerHooks({
  load: (url, context, nextLoad) => {
    writeSync(process.stderr.fd, `${url}\n`);
    return nextLoad(url, context);
  },
});
