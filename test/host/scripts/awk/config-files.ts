import { existsSync, readFileSync } from 'node:fs';

export type Field = 'storageDriver' | 'rootDirectory' | 'httpAddress' | 'debugAddress' | 'tokenCertificate';

/**
 * Config files of registries, as they are found and as they might be. Every secret has "hush" in it.
 * `hostMayMiss`: what the reading on the host need not see; the probe is then repeated with the right root.
 */
export type ConfigFile = { readonly what: string; readonly text: string; readonly hostMayMiss?: readonly Field[] };

const DEBIAN_DEFAULT = '/etc/docker/registry/config.yml';

export const CONFIG_FILES: readonly ConfigFile[] = [
  ...(existsSync(DEBIAN_DEFAULT) ? [{ what: "Debian's own file", text: readFileSync(DEBIAN_DEFAULT, 'utf8') }] : []),
  {
    what: 'block style, as in the documentation',
    text: `version: 0.1
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /srv/registry
    maxthreads: 100
  delete:
    enabled: true
http:
  addr: :5000
  secret: hush-hush
  debug:
    addr: localhost:5001
    prometheus:
      enabled: true
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`,
  },
  {
    what: 'inline JSON, as Omnibus writes it',
    text: `version: 0.1
log:
  level: info
  formatter: text
  fields: {"service":"registry","environment":"hush"}
storage: {"filesystem":{"rootdirectory":"/var/opt/gitlab/gitlab-rails/shared/registry"},"cache":{"blobdescriptor":"inmemory"},"delete":{"enabled":true}}
http:
  addr: 127.0.0.1:5000
  secret: "hush8c7a0b"
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
auth:
  token:
    realm: https://gitlab.example.com/jwt/auth
    service: container_registry
    issuer: omnibus-gitlab-issuer
    rootcertbundle: /var/opt/gitlab/registry/gitlab-registry.crt
redis: {"addr":"redis:6379","password":"hush","db":0}
database: {"enabled":true,"host":"/var/opt/gitlab/postgresql","password":"hush"}
`,
  },
  {
    what: 'double quotes with escapes',
    text: 'storage:\n  filesystem:\n    rootdirectory: "/a b\\n\\t\\\\x41 \\u00e9 \\"q\\" #no-comment: x\\x7f"\n',
  },
  { what: 'single quotes', text: "storage:\n  filesystem:\n    rootdirectory: '/it''s # a \"root\": x'\n" },
  { what: 'quoted keys', text: '"storage":\n  \'filesystem\':\n    "rootdirectory" : /quoted\n' },
  {
    what: 'comments everywhere',
    text: `# hush
storage: # hush
  # hush
  filesystem: # hush
# hush
    rootdirectory: /a#b # the root
http:
    # addr: :1
    addr: :5000   # the port
`,
  },
  {
    what: 'comments deeper than the value before them',
    text: 'storage: inmemory\nhttp:\n  addr: :5000\n      # secret: hush\n  debug:\n    addr: ":5001"\n          # hush\n',
  },
  { what: 'the driver alone, as text', text: 'storage: inmemory\nhttp:\n  addr: :5000\n' },
  {
    what: 'the filesystem driver with its default root',
    text: 'storage:\n  filesystem:\n  delete:\n    enabled: true\n',
  },
  { what: 'the filesystem driver as text', text: 'storage: filesystem\n' },
  {
    what: 'object storage with keys',
    text: `storage:
  s3:
    accesskey: HUSH
    secretkey: hush
    region: eu
    bucket: images
    rootdirectory: /prefix
  redirect:
    disable: true
`,
  },
  {
    what: 'object storage as inline JSON over lines',
    text: `storage: {
  "s3": {"accesskey": "HUSH", "secretkey": "hu\\"sh, rootdirectory: /hush",
         "rootdirectory": "/prefix"},
  "cache": {"blobdescriptor": "redis"}
}
http:
  addr: :5000
`,
  },
  {
    what: 'a whole file of JSON',
    text: `{"version": 0.1, "storage": {"filesystem": {"rootdirectory": "/json"}},
 "http": {"addr": ":5000", "secret": "hush", "debug": {"addr": ":5001"}, "headers": {"X": ["hush"]}},
 "redis": {"password": "hush"}, "health": {"storagedriver": {"enabled": true}}}
`,
  },
  {
    what: 'flow style without quotes',
    text: 'storage: {filesystem: {rootdirectory: /flow root}, delete: {enabled: true}}\nhttp: {addr: 127.0.0.1:5000, secret: hush, debug: {addr: :5001}}\n',
  },
  {
    what: 'secrets over several lines',
    text: `http:
  secret: |
    hush
    addr: hush
  addr: :5000
  headers:
    Authorization:
      - hush
      - "hush
        hush"
  relativeurls: hush
    hush
storage:
  azure:
    accountkey: >-
      hush
    credentials:
      type: hush
      secret: hush
`,
  },
  {
    what: 'what else the service needs, in block style',
    text: `storage:
  filesystem:
    rootdirectory: /srv/registry
  maintenance:
    uploadpurging:
      enabled: false
    readonly:
      enabled: true
auth:
  token:
    realm: https://hush.example.com/jwt/auth
    autoredirect: hush
    rootcertbundle: /etc/docker/token.crt   # the CA
    enabled: true
database:
  enabled: true
  host: hush.example.com
  port: 5432
  addr: hush
  user: hush
  password: "hush"
  sslrootcert: /hush.crt
redis:
  addr: hush:6379
  username: hush
  password: hush
  tls:
    enabled: false
`,
  },
  {
    what: "redis as GitLab's registry has it, switched on for its cache alone",
    text: 'storage: inmemory\nredis:\n  addr: ""\n  cache:\n    enabled: true\n    addr: hush:6379\n    password: hush\n  ratelimiting: {enabled: false, addr: "hush"}\n',
  },
  {
    what: 'redis with nothing switched on',
    text: "storage: inmemory\nredis: {addr: '', cache: {enabled: false, addr: hush}}\ndatabase: {enabled: false}\n",
  },
  { what: 'a list of redis servers', text: 'storage: inmemory\nredis:\n  addrs: ["hush:1", "hush:2"]\n  db: 0\n' },
  {
    what: 'a list of redis servers in block style',
    text: 'storage: inmemory\nredis:\n  addrs:\n    - hush:1\n    - hush:2\n',
  },
  {
    what: 'another way to log in, whose settings are secret',
    text: 'storage: inmemory\nauth:\n  htpasswd:\n    realm: hush\n    path: /etc/htpasswd\n  silly: hush\ndatabase: hush\nredis: hush\n',
  },
  {
    what: 'deep indentation and lists at the indentation of their key',
    text: `notifications:
- endpoints: hush
  headers:
    Authorization: [hush]
storage:
        filesystem:
                rootdirectory: /deep
health:
  http:
  - uri: http://hush
    headers:
      Authorization: [hush]
  storagedriver:
    enabled: yes
`,
  },
  {
    what: 'carriage returns',
    text: 'storage:\r\n  filesystem:\r\n    rootdirectory: /dos\r\nhttp:\r\n  addr: :5000\r\n',
  },
  {
    what: 'a block scalar as root',
    text: 'storage:\n  filesystem:\n    rootdirectory: >-\n      /folded\nhttp:\n  addr: :5000\n',
    hostMayMiss: ['rootDirectory'],
  },
  {
    what: 'a root on the next line',
    text: 'storage:\n  filesystem:\n    rootdirectory:\n      /next-line\n',
    hostMayMiss: ['rootDirectory'],
  },
  {
    what: 'an anchor and its alias',
    text: 'storage:\n  filesystem: &fs\n    rootdirectory: /anchored\nmiddleware: *fs\n',
    hostMayMiss: ['storageDriver', 'rootDirectory'],
  },
  {
    what: 'the health check off',
    text: 'storage:\n  filesystem:\n    rootdirectory: /x\nhealth:\n  storagedriver:\n    enabled: false\n',
  },
  {
    what: 'TLS',
    text: 'storage: inmemory\nhttp:\n  addr: :443\n  tls:\n    certificate: /etc/tls.crt\n    key: /etc/tls.key\n',
  },
  { what: 'no storage at all', text: 'version: 0.1\nhttp:\n  addr: :5000\n', hostMayMiss: [] },
  {
    what: 'two drivers, with which no registry starts',
    text: 'storage:\n  filesystem:\n    rootdirectory: /x\n  inmemory: {}\n',
  },
  { what: 'an empty file', text: '' },
  { what: 'no mapping', text: '- a\n- hush\n' },
  {
    what: 'a quote that never ends',
    text: 'storage:\n  filesystem:\n    rootdirectory: "/never\nhttp:\n  secret: hush\n',
  },
  {
    what: 'a bracket that never ends',
    text: 'storage: {"filesystem": {"rootdirectory": "/never"\nhttp:\n  secret: hush\n',
  },
];
