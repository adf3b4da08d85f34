// The message for a command line that the parser refuses: one line with the legal words.

import type { Command, CommanderError } from 'commander';
import { UsageError } from './options';

/** What is wrong with `argv`, without the program's name and without an end of line. */
export function mistyped(program: Command, argv: readonly string[], { code, message }: CommanderError): string {
  const command = program.commands.find((each) => each.name() === argv[0]) ?? program;
  const said = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?');
  const further = (words: string): string => `${said}${said.endsWith('?') ? '' : ';'} ${words}`;
  const usage = `usage: paravirt-spec ${command === program ? '' : `${command.name()} `}${command.usage()}`;
  switch (code) {
    case 'commander.unknownCommand': return further(legalCommands(program));
    case 'commander.unknownOption': return further(`legal: ${[...command.options.map(({ long, short }) => long ?? short!), '--help'].join(', ')}`);
    case 'commander.excessArguments': return `too many arguments: "${command.args[command.registeredArguments.length]!}"; ${usage}`;
    case 'commander.optionMissingArgument': {
      const option = command.options.find(({ flags }) => said.includes(`'${flags}'`));
      return option === undefined ? said : further(option.description);
    }
    default: return further(usage);
  }
}

/** Makes `command` refuse an option that is given twice, and one whose value is the next option: the value was forgotten. */
export function refuseMistypedOptions(command: Command, repeatable: unknown): void {
  for (const { flags, long, description, parseArg, required } of command.options) {
    if (!required || long === undefined || long === null) continue;
    let given = 0;
    command.on(`option:${long.slice(2)}`, (value: string) => {
      if (command.options.some((other) => other.long === value.split('=')[0])) throw new UsageError(`option '${flags}' argument missing; ${description}`);
      if (++given > 1 && parseArg !== repeatable) throw new UsageError(`${long} is given twice`);
    });
  }
}

const legalCommands = (program: Command): string => `legal: ${program.commands.map((each) => each.name()).join(', ')}`;
