// A document of the knowledge, and a passage in it.

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { Failed, Loading } from '@/components/states';
import { DialogContent, DialogTitle } from '@/components/ui/dialog';
import { rowsOf } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { direction } from '@/lib/i18n';
import { useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';

type Passage = Schemas['KnowledgePassage'];

const MOST_ROWS = 5_000;

function comeIntoSight(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'center' });
}

function Mark({ children }: { children: ReactNode }) {
  return <mark className="bg-amber-200/50 text-inherit dark:bg-amber-500/20">{children}</mark>;
}

/** The words of a text. A passage has other spaces and line breaks than its document. */
function wordsOf(text: string) {
  return text.split(/\s+/).filter(Boolean);
}

/** Where a passage stands in the text of its document. */
function placeOf(text: string, passage: string) {
  const words = wordsOf(passage).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const found = words.length ? new RegExp(words.join('\\s+')).exec(text) : null;
  return found && { from: found.index, until: found.index + found[0].length };
}

function Marked({ text, passage }: { text: string; passage?: string }) {
  const place = passage && placeOf(text, passage);
  if (!place) return text;
  return (
    <>
      {text.slice(0, place.from)}
      <span ref={comeIntoSight}>
        <Mark>{text.slice(place.from, place.until)}</Mark>
      </span>
      {text.slice(place.until)}
    </>
  );
}

/** Whether a passage is from the answer to a question. */
function isOf(passage: Passage | undefined, question: string | undefined, answered: string | undefined) {
  if (!passage || passage.title !== question?.trim()) return false;
  return wordsOf(answered ?? '')
    .join(' ')
    .includes(wordsOf(passage.text).join(' '));
}

/** The text as the model reads it: questions as a list, everything else as it is written. A passage comes into sight. */
export function Reader({ id, passage }: { id: string; passage?: Passage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'knowledge', 'one', id],
    queryFn: () => answer(api.GET('/api/v1/knowledge/{id}', { params: { path: { id } } })),
  });
  if (query.isError)
    return (
      <DialogContent aria-describedby={undefined}>
        <DialogTitle>{t('nav.knowledge')}</DialogTitle>
        <Failed error={query.error} retry={() => void query.refetch()} />
      </DialogContent>
    );
  if (query.isPending)
    return (
      <DialogContent aria-describedby={undefined}>
        <DialogTitle>{t('nav.knowledge')}</DialogTitle>
        <Loading />
      </DialogContent>
    );
  const one = query.data;
  return (
    <DialogContent className="sm:max-w-2xl" aria-describedby={undefined}>
      <DialogTitle>
        <bdi>{one.title}</bdi>
      </DialogTitle>
      <Facts>
        <Fact label={t('common.language')}>{languageName(one.language)}</Fact>
        <Fact label={t('knowledge.format')}>{t(`knowledge.formats.${one.format}`)}</Fact>
        <Fact label={t('knowledge.pieces')}>{format.number(one.pieces)}</Fact>
        {one.address && (
          <>
            <Fact label={t('knowledge.address')}>
              <a href={one.address} target="_blank" rel="noopener noreferrer" className="text-primary-text underline">
                <bdi dir="ltr" className="break-all">
                  {one.address}
                </bdi>
              </a>
            </Fact>
            <Fact label={t('knowledge.fetchedAt')}>{format.moment(one.fetched_at)}</Fact>
          </>
        )}
        {one.failure && <Fact label={t('knowledge.failure')}>{one.failure}</Fact>}
      </Facts>
      <div
        dir={direction(one.language)}
        className="max-h-[55dvh] overflow-y-auto rounded-md border p-3 text-sm"
        tabIndex={0}
      >
        {one.format === 'questions' ? (
          <dl className="grid gap-3">
            {rowsOf(one.body.replace(/^\uFEFF/, ''), MOST_ROWS).map(([question, answered], index) => (
              <div key={index} ref={isOf(passage, question, answered) ? comeIntoSight : undefined}>
                <dt className="font-medium">
                  {isOf(passage, question, answered) ? <Mark>{question}</Mark> : question}
                </dt>
                <dd className="whitespace-pre-wrap">
                  {isOf(passage, question, answered) ? <Mark>{answered}</Mark> : answered}
                </dd>
              </div>
            ))}
          </dl>
        ) : (
          <p className="break-words whitespace-pre-wrap">
            <Marked text={one.body} passage={passage?.text} />
          </p>
        )}
      </div>
    </DialogContent>
  );
}
