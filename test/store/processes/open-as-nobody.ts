/** Opens the store as a user that owns nothing; says "open", or the kind of the problem. */
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { standingClock } from '../samples.ts';

const NOBODY = 65_534;

// Only now, because that user may not be able to read the modules that are imported above.
process.setgroups?.([]);
process.setgid?.(NOBODY);
process.setuid?.(NOBODY);

const [url = ''] = process.argv.slice(2);
try {
  const { close } = await openSqliteStore(url, { clock: standingClock() });
  await close();
  console.log('open');
} catch (error) {
  if (!(error instanceof StoreUnavailable)) throw error;
  console.log(error.problem.kind);
}
