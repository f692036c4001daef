/**
 * Which folder of src/ may import which. The folders are the flow of the product (see CONTRIBUTING.md), and each rule
 * carries the reason for it, which is printed when it is broken.
 */

const PURE = ['diagnosis', 'approval', 'incident', 'record'];

/** Folder → what it may import besides itself, and why not more. */
const TABLE = {
  model: [
    [],
    'Every folder shares the vocabulary: if it imported from a folder, every folder would depend on that one too.',
  ],
  hash: [['model'], 'A hash depends on the value alone.'],
  words: [
    ['model'],
    'Words are made from model data alone, so that they can be corrected and translated without touching logic.',
  ],
  config: [['model'], 'Reading the config file must not need any part that is configured by it.'],
  host: [['model'], 'What runs on a host, and what it prints, becomes Facts here and is judged in diagnosis/.'],
  diagnosis: [
    ['model'],
    'Facts in, findings and a plan out: the same facts, saved and read again, must give the same diagnosis and the same hash.',
  ],
  approval: [
    ['model'],
    'Who may decide is a pure question of policy and state; anything else could let a decision through.',
  ],
  incident: [['model'], 'When a broken registry becomes an incident is decided from what was seen, nothing else.'],
  record: [
    ['model', 'hash', 'approval'],
    'What the chain covers, and what a row must agree with, follows from the rows alone: so one rule decides it for those who write the record and for those who check it. Which state a plan ends in is said by its transitions.',
  ],
  telling: [
    ['model', 'words'],
    'What is told of a diagnosis, a plan or an incident is decided here, once, for Slack, terminal, Markdown and JSON; it judges nothing and fetches nothing.',
  ],
  workflow: [
    [...PURE, 'model', 'host', 'hash'],
    'A workflow reaches the outside through its own ports only: that is what lets every stage be tested and replaced.',
  ],
  ssh: [
    ['model', 'log', 'hash', 'workflow'],
    'Adapters meet in compose/ and nowhere else: each can be replaced alone. What went wrong is handed on as data, which people read in their own language.',
  ],
  store: [
    ['model', 'log', 'hash', 'record', 'workflow'],
    'Adapters meet in compose/ and nowhere else: each can be replaced alone. What is stored holds codes and values, so that an old incident reads in any language.',
  ],
  slack: [
    ['model', 'telling', 'words', 'log', 'hash', 'workflow'],
    'Slack shows what telling/ says, as the terminal does. Adapters meet in compose/ and nowhere else: each can be replaced alone.',
  ],
  metrics: [
    ['model', 'workflow'],
    'What is counted passes through a port; nobody but this adapter knows who reads the numbers, and how.',
  ],
  http: [
    ['model', 'log', 'hash', 'workflow'],
    'Adapters meet in compose/ and nowhere else: each can be replaced alone. Words are handed in.',
  ],
  cli: [
    [
      'model',
      'config',
      'diagnosis',
      'hash',
      'host',
      'record',
      'telling',
      'words',
      'workflow',
      'compose',
      'log',
      'playground',
    ],
    'A command asks compose/ for what reaches the outside. It judges saved facts, reads plan documents and prints the guard itself: those are pure.',
  ],
};

function location(name) {
  return name === 'log' ? '^src/log\\.ts$' : `^src/${name}/`;
}

/** The program begins with it, and so does each thread. */
const FIRST_OF_A_THREAD = '^src/strip-types\\.js$';

const folderRules = Object.entries(TABLE).map(([folder, [mayImport, why]]) => ({
  name: `${folder}-imports-only-${mayImport.length === 0 ? 'itself' : mayImport.join('-')}`,
  comment: why,
  severity: 'error',
  from: { path: location(folder) },
  to: { path: '^(src|test|scripts)/', pathNot: [...[folder, ...mayImport].map(location), FIRST_OF_A_THREAD] },
}));

/** Room of a folder → which other rooms of that folder it may import, and why not more. */
const ROOMS = {
  diagnosis: {
    access: [
      [],
      'The evaluator answers one question (can this identity use this path?) from the facts that it is given.',
    ],
    durability: [
      ['access'],
      'Whether a state lasts follows from what a reset would leave behind, judged as it is judged now.',
    ],
    checks: [['access'], 'A check turns what was judged into findings.'],
    plan: [['access'], 'A plan follows from what was judged, not from how it is told.'],
    'why-now': [['access', 'checks'], 'The story is made from the facts; a check says what its fault is about.'],
  },
  'diagnosis/access': {
    kernel: [[], 'What Linux itself would answer knows neither the storage nor what was tested.'],
    judge: [['kernel'], 'A judgement puts the rules and the kernel’s own answers together.'],
    disk: [['kernel', 'judge'], 'Which disk should be there is asked of a path that has been judged.'],
    contents: [['kernel', 'judge', 'disk'], 'What lies in the storage counts only if it is on the right disk.'],
    denial: [
      ['kernel', 'judge'],
      'What a denial needs follows from the judgement; the disk and the contents are other matters.',
    ],
    after: [['kernel', 'contents'], 'The facts as a plan would leave them are judged again by the same rules.'],
  },
  host: {
    frame: [[], 'How output is framed is the same whatever it says.'],
    request: [[], 'What is sent to a host depends on nothing that a host has said.'],
    probe: [['frame'], 'Facts are read from frames.'],
    answer: [['frame', 'probe'], 'The answer to a plan names paths and tests as the probe does.'],
  },
  'host/probe': {
    place: [[], 'Inodes, mounts and identities are read first: the other sections refer to them.'],
    registry: [['place'], 'The config and the process name paths and identities.'],
    disk: [['place'], 'Mounts are read in one way.'],
    contents: [['registry'], 'The registry’s own list is read as its other answers are.'],
    service: [[], 'Each section is read without the others.'],
    logs: [[], 'Each section is read without the others.'],
    history: [[], 'Each section is read without the others.'],
  },
  ssh: {
    wire: [[], 'Bytes, limits and the outcome of a connection that failed; whom to trust is decided elsewhere.'],
    trust: [['wire'], 'Keys are checked without a connection.'],
    connect: [['wire', 'trust'], 'A connection exists only after its host key was checked.'],
    run: [['wire', 'trust', 'connect'], 'A script runs over a connection; it can’t open one past the checks.'],
    signing: [['wire', 'trust'], 'A plan is signed on this machine, without any connection.'],
  },
  slack: {
    connection: [[], 'The connection carries whatever it is given.'],
    blocks: [[], 'A block shows words in Slack’s form; what it is about is decided by the card.'],
    cards: [['blocks'], 'A card is made from its message only, so that it can be drawn in a test.'],
    people: [['connection'], 'Who someone is, is asked of Slack.'],
    delivery: [
      ['connection', 'cards', 'people'],
      'What is delivered is stored, and only names are asked of Slack for it; delivery takes no requests.',
    ],
    requests: [
      ['connection', 'blocks', 'cards', 'people'],
      'A request is handed to the workflow; it posts nothing to a thread.',
    ],
    home: [
      ['connection', 'blocks', 'cards', 'people'],
      'A home tab shows what the workflow answers to one person; it belongs to no thread.',
    ],
  },
  cli: {
    terminal: [[], 'Reading and printing is the same for every command.'],
    files: [['terminal'], 'What a person’s file holds is read in one way, whichever command is given it.'],
    audit: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
    check: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
    diagnose: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
    fix: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
    serve: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
    sign: [['terminal', 'files'], 'A command has its own room: what two of them share is in terminal/ and files/.'],
  },
  workflow: {
    record: [
      [],
      'Everything that is done is put on record: what writes and reads it may depend on nothing that is done.',
    ],
    host: [[], 'A host is looked at and changed in one way, whoever decided it and why.'],
    jobs: [[], 'Which bot has a turn must not depend on what it does with it.'],
    delivery: [[], 'Messages are delivered as they are stored: delivery must not know what they are about.'],
    plan: [['record'], 'How a plan begins, waits and ends is the same for every decision and every run.'],
    review: [
      ['record', 'host', 'plan'],
      'A decision is put on record and nothing else: it must not be able to run what it has just approved.',
    ],
    incident: [
      ['record', 'host', 'plan', 'review'],
      'A diagnosis proposes; it must not be able to carry out what it proposes.',
    ],
    quiet: [
      ['record', 'plan', 'review', 'incident'],
      'A mute only delays what an incident would tell: it can end nothing that is open.',
    ],
    watch: [
      ['record', 'host', 'plan', 'review', 'incident', 'quiet'],
      'What monitoring sees becomes an incident, or the end of one, in the way that every fault does.',
    ],
    alerts: [
      ['record', 'host', 'plan', 'review', 'incident', 'quiet'],
      'What a sender tells becomes an incident in the way that every fault does; it proves nothing.',
    ],
    fleet: [
      ['record', 'review', 'incident', 'watch'],
      'People are told what is on record and what monitoring saw; an answer asks no host and starts nothing.',
    ],
    execution: [
      ['record', 'host', 'plan', 'incident'],
      'A run relies on what is on record, so it must not be able to decide that it may run.',
    ],
  },
  store: {
    sqlite: [[], 'The connection knows SQL and the file; what the tables mean is said beside them.'],
    postgres: [[], 'The connection knows SQL and the server; what the tables mean is said beside them.'],
    migrations: [[], 'A migration that was released must not change with the code around it.'],
    tables: [[], 'One file a table, which knows its own rows and no other work.'],
    record: [['tables'], 'The record is read and written through the tables.'],
    thread: [
      ['sqlite', 'tables', 'record'],
      'A second thread does what one thread does too, so nothing else may depend on how it is reached.',
    ],
    outbox: [['tables'], 'The outbox is a view of the table of messages.'],
  },
};

/** Ports are for every room of their folder. */
const roomRules = Object.entries(ROOMS).flatMap(([folder, rooms]) =>
  Object.entries(rooms).map(([room, [mayImport, why]]) => ({
    name: `${folder.replace('/', '-')}-${room}-imports-${mayImport.length === 0 ? 'no-other-room' : `only-${mayImport.join('-')}`}`,
    comment: why,
    severity: 'error',
    from: { path: `^src/${folder}/${room}/` },
    to: {
      path: `^src/${folder}/[^/]+/`,
      pathNot: [room, 'ports', ...mayImport].map((one) => `^src/${folder}/${one}/`),
    },
  })),
);

export default {
  forbidden: [
    ...folderRules,
    ...roomRules,
    {
      name: 'rooms-of-workflow-do-not-import-the-bot',
      comment: 'The bot and the terminal set the rooms to work; a room that knew them would know all other rooms too.',
      severity: 'error',
      from: { path: '^src/workflow/[^/]+/' },
      to: { path: '^src/workflow/[^/]+\\.ts$', pathNot: '^src/workflow/(context|requests)\\.ts$' },
    },
    {
      name: 'context-ports-and-requests-import-no-room',
      comment: 'All rooms share them: were they to import from a room, that room would be shared by all.',
      severity: 'error',
      from: { path: '^src/workflow/((context|requests)\\.ts$|ports/)' },
      to: { path: '^src/workflow/[^/]+/', pathNot: '^src/workflow/ports/' },
    },
    {
      name: 'conditions-are-judged-once',
      comment:
        'What is wrong with the disk, the contents and the files beside them is in JudgedAccess, computed once: two rooms that computed it could come to different answers.',
      severity: 'error',
      from: { path: '^src/diagnosis/(checks|plan|durability|why-now)/' },
      to: {
        path: [
          '^src/diagnosis/access/disk/(judge-disk|missing-mount|stale-view|wrong-disk)\\.ts$',
          '^src/diagnosis/access/contents/(judge-contents|contents-use|inner-directories|wrong-owners)\\.ts$',
          '^src/diagnosis/access/denial/(files-beside|file-trouble|file-doubt|external-denial)\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'commands-load-their-rooms-when-they-run',
      comment:
        'Help and a slip of the fingers read how every command is typed: were one to import what it runs, all would wait for it.',
      severity: 'error',
      from: { path: '^src/cli/[^/]+\\.ts$' },
      to: {
        path: '^src/',
        pathNot: '^src/(cli/[^/]+\\.ts$|cli/terminal/|model/|words/)',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'compose-imports-no-command-and-no-playground',
      comment: 'compose/ builds what a command, or the playground, then uses; it does not know which of them asked.',
      severity: 'error',
      from: { path: location('compose') },
      to: { path: '^src/(cli|playground)/' },
    },
    {
      name: 'only-commands-and-the-playground-import-compose',
      comment: 'A part that could have adapters built would reach all other parts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(compose|cli|playground)/' },
      to: { path: location('compose') },
    },
    {
      name: 'only-the-catalogue-imports-a-language',
      comment:
        'Words are handed on from main.ts and compose/ in the language of whoever reads them; a part that imported one language would speak it to everyone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(words/(index|catalogue|[^/]+/.+)\\.ts$)' },
      to: { path: '^src/words/[^/]+/' },
    },
    {
      name: 'languages-do-not-import-each-other',
      comment:
        'A language that leaned on another would show its sentences where its own are missing. Of its types it may say that they are the same.',
      severity: 'error',
      from: { path: '^src/words/([^/]+)/' },
      to: { path: '^src/words/[^/]+/', pathNot: '^src/words/$1/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'log-imports-nothing',
      comment: 'Everything may log, so the log may depend on nothing of ours.',
      severity: 'error',
      from: { path: location('log') },
      to: { path: '^(src|test|scripts)/' },
    },
    {
      name: 'pure-folders-use-no-node-api',
      comment:
        'The core is pure (facts in, findings and plan out): with a clock, a file or a socket in it, a saved case could not be replayed.',
      severity: 'error',
      from: { path: `^src/(${[...PURE, 'model', 'words', 'telling'].join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-its-command-imports-the-playground',
      comment: 'The playground stands in for Slack and for a host: nothing that works for real may lean on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(playground/|cli/playground\\.ts$)' },
      to: { path: location('playground') },
    },
    {
      name: 'folders-do-not-import-the-root',
      comment: 'main.ts sets everything in motion; a part that knew it would know all other parts too.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$', pathNot: location('log') },
    },
    {
      name: 'src-imports-no-tests-and-no-scripts',
      comment: 'The image that people run holds src/ and the production dependencies, nothing else.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'src-uses-declared-production-packages',
      comment:
        'A package that is a devDependency, or somebody else’s dependency, is missing where the bot really runs.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'Modules in a ring can only be read, changed and tested all at once.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment: 'An import of a module that is not there fails when it runs.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no API that dependency-cruiser could use: without this it finds no module and is content.
    parser: 'swc',
    moduleSystems: ['es6', 'cjs'],
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
