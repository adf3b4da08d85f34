// Tags come from the closed list, and those of one scenario agree with each other.

import { type Finding, type Rule, type Suite, tagsOf } from '../suite';
import { tagForms } from '../tags';

const unknownTags = ({ documents }: Suite): Finding[] =>
  documents.flatMap((document) =>
    tagsOf(document)
      .filter(({ name }) => !tagForms.some(({ form }) => form.test(name)))
      .map(({ name, location }) => ({
        file: document.uri,
        line: location.line,
        message: `unknown tag ${name}; the tags are ${tagForms.map(({ example }) => example).join(' ')}`,
      })),
  );

const contradictions = ({ pickles }: Suite): Finding[] =>
  pickles.flatMap(({ uri, name, location, tags }) => {
    const has = (wanted: string): boolean => tags.some((tag) => tag.name === wanted);
    const finding = (message: string): Finding => ({ file: uri, line: location?.line ?? 0, message });
    const found: Finding[] = [];
    if (has('@before') && has('@after')) found.push(finding(`"${name}" is tagged both @before and @after`));
    for (const { name: tag } of tags) {
      const seed = /^@(?:claim|counter|open):(\d{3})\./.exec(tag)?.[1];
      if (seed && !has(`@seed:${seed}`)) found.push(finding(`"${name}" has ${tag} but not @seed:${seed}`));
    }
    return found;
  });

export const tags: Rule = (suite) => [...unknownTags(suite), ...contradictions(suite)];
