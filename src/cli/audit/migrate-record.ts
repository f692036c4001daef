import { migrateRecord as migrate } from '../../compose/record/record-migration.ts';
import type { StoreSettings } from '../../config/config.ts';
import { isPostgresUrl, parsePostgresUrl, postgresPlace } from '../../model/settings/postgres-url.ts';
import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit migrate --from sqlite:PATH`: copies a record from a file into the Postgres database that the config names, and proves the copy. */
export async function migrateRecord(from: string, store: StoreSettings, { words, out, err }: Console): Promise<number> {
  const { migrate: said, record } = words;
  const place = parsePostgresUrl(store.url);
  if (place === null || isPostgresUrl(from)) {
    err(said.ONLY_TO_POSTGRES);
    return EXIT.usage;
  }
  const [source, target] = [visibleText(from), visibleText(postgresPlace(place))];
  const outcome = await migrate(from, store);
  switch (outcome.kind) {
    case 'copied': {
      const last = outcome.last && plainText(record.entryMark(outcome.last));
      const chain = { entries: outcome.entries, last, root: outcome.root };
      out(`${said.copied(source, target, chain)}\n`);
      return EXIT.good;
    }
    case 'source-in-use':
      err(said.sourceInUse(source));
      return EXIT.notGood;
    case 'source-broken':
      err(said.sourceBroken(source, outcome.problems));
      return EXIT.notGood;
    case 'target-not-empty':
      err(said.targetNotEmpty(target));
      return EXIT.notGood;
    case 'rows-differ':
      err(said.rowsDiffer(target, outcome.table));
      return EXIT.notGood;
    case 'chain-differs':
      err(said.chainDiffers(target));
      return EXIT.notGood;
  }
}
