import { suite } from 'node:test';
import { skipUnless } from '../../support/requirements.ts';
import { RecordServer } from '../open-postgres.ts';
import { outboxContract } from '../outbox-contract.ts';
import { recordStoreContract } from '../record-store-contract.ts';

const skip = skipUnless('postgres');
const { open } = new RecordServer();

suite('record store on Postgres', { skip }, () => recordStoreContract(open));
suite('outbox on Postgres', { skip }, () => outboxContract(open));
