/** On "go", decides on one plan so many times at once; says how many of the decisions were accepted. */
import { once } from 'node:events';
import { PlanId } from '../../../src/model/record/ids.ts';
import { openRecord } from '../../../src/store/open-record.ts';
import { decide } from '../decide.ts';
import { standingClock } from '../samples.ts';

const [url = '', planId, times] = process.argv.slice(2);
const { store, close } = await openRecord({ url, passwordFile: null }, { clock: standingClock() });
console.log('ready');
await once(process.stdin, 'data');
const decisions = Array.from({ length: Number(times) }, () => decide(store, PlanId.parse(planId)));
const accepted = (await Promise.all(decisions)).filter((isAccepted) => isAccepted);
console.log(accepted.length);
await close();
process.exit();
