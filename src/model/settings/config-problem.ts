import type { HostName } from '../record/ids.ts';
import type { SystemProblem } from '../system-problem.ts';

/** What a key of the config file can hold. Data; `words/` says it in words. */
export type Expectation =
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'whole-number'; readonly min: number; readonly max: number }
  /** A length of time; the next opening of the window begins after `hours`. */
  | { readonly kind: 'shorter-than-gap'; readonly hours: number }
  /** `group` has it already. */
  | { readonly kind: 'host-of-no-group'; readonly group: string }
  | {
      readonly kind:
        | 'section'
        | 'list'
        | 'at-least-one-host'
        | 'boolean'
        | 'host-name'
        | 'known-host'
        | 'known-group'
        | 'recurrence'
        | 'length-of-time'
        | 'time-zone'
        | 'address'
        | 'jump-host'
        | 'login'
        | 'account'
        | 'file'
        | 'command'
        | 'command-word'
        | 'signing'
        | 'no-enter'
        | 'path-on-host'
        | 'http-url'
        | 'url-from-bot'
        | 'store-url'
        | 'syslog-url'
        | 'witness-url'
        | 'witness-key'
        | 'socket'
        | 'channel-id'
        | 'user-id'
        | 'group-id'
        | 'other-time'
        | 'listen-address'
        | 'source-name'
        | 'at-least-one-source'
        | 'at-least-one-label'
        | 'label-name'
        | 'label-value'
        | 'time-of-day'
        | 'time-zone';
    };

/** The value of a key in the file. `other` is a number, or true or false, as written. */
export type Found =
  | { readonly kind: 'nothing' | 'section' | 'list' }
  | { readonly kind: 'text' | 'other'; readonly text: string };

/** The token or secret of a source of alerts. */
export type AlertTokenExpectation = { readonly kind: 'alert-token' | 'webhook-secret' };

/** What the environment must provide, and the form of each value. Values are secret and never part of a problem. */
export type EnvironmentExpectation =
  | AlertTokenExpectation
  | { readonly kind: 'bot-token' | 'app-token' | 'signing-secret' | 'http-url' | 'agent-socket' | 'otlp-headers' }
  | { readonly kind: 'one-of'; readonly values: readonly string[] };

/** What of the user's ssh_config(5) cannot be followed. */
export type SshConfigProblem =
  | { readonly what: 'unreadable'; readonly file: string; readonly why: SystemProblem }
  | { readonly what: 'too-large'; readonly file: string; readonly maxBytes: number }
  /** More files that include each other, or more jump hosts on the way, than `max`. */
  | { readonly what: 'include' | 'jumps'; readonly max: number }
  /** `text`: what stands in the line. */
  | { readonly what: 'match' | 'proxy-command' | 'value'; readonly text: string };

/** One problem of the config file or the environment. Line numbers start at 1. */
export type ConfigProblem =
  | { readonly kind: 'unreadable'; readonly why: 'missing' | 'not-permitted' | 'directory' | 'not-utf8' | 'empty' }
  | { readonly kind: 'unreadable'; readonly why: 'failed'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly why: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'syntax'; readonly line: number; readonly column: number; readonly detail: string }
  | {
      readonly kind: 'not-supported';
      readonly line: number;
      readonly what: 'alias' | 'anchor' | 'tag' | 'proto-key' | 'second-document';
    }
  | {
      readonly kind: 'unknown-key';
      readonly key: string;
      readonly line: number;
      readonly allowed: readonly string[];
      readonly nearest: string | null;
    }
  /** `line` is the start of the section without the key. */
  | { readonly kind: 'missing-key'; readonly key: string; readonly line: number; readonly allowed: Expectation }
  | {
      readonly kind: 'invalid';
      readonly key: string;
      readonly line: number;
      readonly found: Found;
      readonly allowed: Expectation;
    }
  | ({ readonly kind: 'ssh-config'; readonly host: HostName } & SshConfigProblem)
  /** The policy of this host makes a call to a plan when the plan is over, or before it is made. */
  | {
      readonly kind: 'call-too-late';
      readonly host: HostName;
      readonly key: 'remindMinutes' | 'escalateAfterMinutes';
      readonly minutes: number;
      readonly ttlMinutes: number;
    }
  /** `file` holds none of this form. */
  | { readonly kind: 'alert-token'; readonly file: string; readonly allowed: AlertTokenExpectation }
  | { readonly kind: 'alert-token-unreadable'; readonly file: string; readonly why: SystemProblem }
  | {
      readonly kind: 'environment';
      readonly variable: string;
      readonly state: 'missing' | 'invalid';
      readonly allowed: EnvironmentExpectation;
    };
