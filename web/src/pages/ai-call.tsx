// One call of a model: what it was for, what it cost, and which passages the model was given.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, type Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { useFormat } from '@/lib/format';
import { USD } from '@/lib/money';
import { useWorkspaceId } from '@/lib/queries';

/** What calls are for. */
export const PURPOSES = ['reply', 'summary', 'test', 'embedding'] as const;

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { t } = useTranslation();
  const tone = outcome === 'ok' ? 'good' : outcome === 'nothing_known' ? 'neutral' : 'bad';
  const words = outcome === 'ok' ? t('state.done') : outcome.replaceAll('_', ' ');
  return <Badge tone={tone}>{t(`aiCosts.outcomes.${outcome}`, { defaultValue: words })}</Badge>;
}

function Passage({ passage }: { passage: Schemas['AiPassage'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const places = (['words', 'letters', 'meaning'] as const)
    .map((by) => ({ by, place: passage[`${by}_place`] }))
    .filter(({ place }) => place != null);
  return (
    <li className="rounded-md border p-3 text-sm">
      <p className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted-foreground">
        <Badge>{t(`aiCosts.sources.${passage.source}`)}</Badge>
        <span>{t('aiCosts.covers', { share: format.percent(passage.covers) })}</span>
        {places.map(({ by, place }) => (
          <span key={by}>{t(`aiCosts.places.${by}`, { place: format.number(place!) })}</span>
        ))}
        {passage.nearness != null && <span>{t('aiCosts.nearness', { value: format.percent(passage.nearness) })}</span>}
      </p>
      <p dir="auto" className="break-words whitespace-pre-wrap">
        {passage.text}
      </p>
    </li>
  );
}

/** The prompt that a call was made by, with the revision that it had. */
function Prompt({ id, revision }: { id: string; revision: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'prompt-name', id],
    queryFn: () =>
      answer(api.GET('/api/v1/prompts/{id}', { params: { path: { id } } })).catch((error: unknown) => {
        // It was deleted since.
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
  });
  const words = t('prompts.revisionOf', { number: format.number(revision) });
  if (!query.data) return words;
  return (
    <>
      <Link to="/prompts/$id" params={{ id }} className="text-primary-text underline">
        <bdi>{query.data.name}</bdi>
      </Link>
      {' · '}
      {words}
    </>
  );
}

export function Call({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'ai-call', id],
    queryFn: () => answer(api.GET('/api/v1/ai/calls/{id}', { params: { path: { id } } })),
  });
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  const call = query.data;
  return (
    <>
      <Facts>
        <Fact label={t('aiCosts.at')}>{format.moment(call.at)}</Fact>
        <Fact label={t('aiCosts.purpose')}>
          {t(`aiCosts.purposes.${call.purpose}`, { defaultValue: call.purpose })}
        </Fact>
        <Fact label={t('common.state')}>
          <OutcomeBadge outcome={call.outcome} />
        </Fact>
        <Fact label={t('aiCosts.model')}>
          <bdi dir="ltr" className="break-all">
            {call.model_served ?? call.model_asked}
          </bdi>
        </Fact>
        <Fact label={t('aiCosts.tokens')}>
          {t('prompts.usedTokens', {
            asked: format.number(call.prompt_tokens),
            answered: format.number(call.completion_tokens),
          })}
        </Fact>
        <Fact label={t('aiCosts.cost')}>
          <bdi>{format.exact(call.cost_micro, USD)}</bdi> ·{' '}
          <bdi>{t('prompts.took', { ms: format.number(call.latency_ms) })}</bdi>
        </Fact>
        {call.prompt_id && call.prompt_revision != null && (
          <Fact label={t('aiCosts.prompt')}>
            <Prompt id={call.prompt_id} revision={call.prompt_revision} />
          </Fact>
        )}
      </Facts>
      <section aria-label={t('aiCosts.passages')} className="min-w-0">
        <h3 className="mb-2 text-sm font-semibold">{t('aiCosts.passages')}</h3>
        {call.passages.length === 0 ? (
          <p className="text-sm text-muted-foreground">{t('aiCosts.noPassages')}</p>
        ) : (
          <ol className="grid max-h-[45dvh] gap-2 overflow-y-auto" tabIndex={0} aria-label={t('aiCosts.passages')}>
            {call.passages.map((one) => (
              <Passage key={one.source_id} passage={one} />
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

export function CallDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={id !== null} onOpenChange={(open) => !open && onClose()}>
      {id !== null && (
        <DialogContent className="sm:max-w-2xl" aria-describedby={undefined}>
          <DialogTitle>{t('aiCosts.call')}</DialogTitle>
          <Call id={id} />
        </DialogContent>
      )}
    </Dialog>
  );
}
