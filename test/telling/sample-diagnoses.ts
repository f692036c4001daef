import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import type { Facts } from '../../src/model/host/facts.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { dir, factsOf, link } from '../support/facts/facts-builder.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

function diagnosisOf(facts: Facts): Diagnosis {
  return { ...judgeFacts(facts), durationMs: 312 };
}

export const incidentDiagnosis = diagnosisOf(incidentFacts());

export const healthyDiagnosis = diagnosisOf(
  factsOf({ storageRoot: '/srv/registry', nodes: [dir('/srv/registry', '0770', 'registry:registry')] }),
);

export const unreachableDiagnosis: Diagnosis = {
  host: HostName.parse('git01'),
  verdict: 'inconclusive',
  durationMs: 5000,
  service: null,
  storageRoot: null,
  walk: [],
  findings: [
    {
      id: 'host-unreachable',
      severity: 'fault',
      proof: 'kernel',
      path: null,
      why: { code: 'bot-failed', said: 'connection refused\u001b[2J\nforged line' },
    },
  ],
  v2: null,
  health: null,
  plan: null,
  images: null,
  whyNow: null,
  durability: null,
};

/** Names that a terminal would obey, a shell would run, and Slack or Markdown would take for their own. */
export const HOSTILE_NAMES = [
  'a b',
  `it's "quoted"`,
  '$(reboot)',
  'a\nallowed  root:root  yes',
  '-rf',
  '<!channel>',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202egnp.exe',
  '| cell | `code` **bold** [link](x) <img src=x>',
  '\\xff',
  '目录',
] as const;

/** The incident with a hostile name for the directory that is closed, and for its owner. */
export function hostileDiagnosis(name: string): Diagnosis {
  return diagnosisOf(
    factsOf({
      storageRoot: '/var/registry',
      nodes: [
        link('/var/registry', `/data/${name}/registry`),
        dir('/data', '0755'),
        { ...dir(`/data/${name}`, '0750', 'alice:ops'), owner: name },
        dir(`/data/${name}/registry`, '0770', 'registry:registry'),
      ],
      closed: [`/data/${name}`],
    }),
  );
}
