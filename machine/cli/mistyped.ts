// A line that the parser of the command line refuses, told in one line with the legal words.

import type { Command, CommanderError } from 'commander';

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

/** What is wrong with `help WORD`; null where nothing is. */
export function unknownInHelp(program: Command, [first, word]: readonly string[]): string | null {
  if (first !== 'help' || word === undefined || program.commands.some((each) => each.name() === word)) return null;
  return `unknown command '${word}'; ${legalCommands(program)}`;
}

const legalCommands = (program: Command): string => `legal: ${program.commands.map((each) => each.name()).join(', ')}`;
