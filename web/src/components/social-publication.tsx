import { useQuery } from '@tanstack/react-query';
import { RotateCcwIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { NETWORKS, wallClock } from '@/lib/social';
import { Fact, Facts } from './page';
import { MediaThumb } from './social-media';
import { readSchedule } from './social-schedule';
import { StateBadge } from './state-badge';
import { Failed, Loading } from './states';
import { Button } from './ui/button';
import { Dialog, DialogContent, DialogTitle } from './ui/dialog';

const LIVE_MS = 2_000;
/** A new try has a time in the future. */
const SOON_MS = 5_000;

/** What became of a post on its network, with each step, and another try of one that has failed. */
export function PublicationDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={id !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent aria-describedby="">
        {id === null ? <DialogTitle>{t('social.publications')}</DialogTitle> : <Publication id={id} />}
      </DialogContent>
    </Dialog>
  );
}

function Publication({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const query = useQuery({
    queryKey: [workspace, 'publication', id],
    queryFn: () => answer(api.GET('/api/v1/social/publications/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.status === 'published' ? false : LIVE_MS),
  });
  const retry = useAct(async (schedule: string) => {
    const { data, etag } = await readSchedule(schedule);
    return api.PATCH('/api/v1/social/schedules/{id}', {
      params: { path: { id: schedule }, header: { 'If-Match': etag } },
      body: { local_time: wallClock(new Date(Date.now() + SOON_MS), data.zone), zone: data.zone },
    });
  }, t('social.retried'));
  if (query.isPending || query.isError)
    return (
      <>
        <DialogTitle>{t('social.publications')}</DialogTitle>
        {query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </>
    );
  const post = query.data;
  return (
    <>
      <DialogTitle className="flex items-center gap-2">
        {NETWORKS[post.network]} <StateBadge state={post.status} />
      </DialogTitle>
      {post.error && (
        <div role="alert" className="grid gap-3 rounded-md border border-destructive p-3 text-sm text-destructive-text">
          <p>
            <span className="font-medium">{t('social.why')}</span> <bdi>{post.error}</bdi>
          </p>
        </div>
      )}
      {maySave && post.status === 'failed' && (
        <Button
          className="justify-self-start"
          disabled={retry.isPending}
          onClick={() => retry.mutate(post.schedule_id)}
        >
          <RotateCcwIcon aria-hidden />
          {t('common.retry')}
        </Button>
      )}
      {post.media.length > 0 && (
        <div className="flex gap-2 overflow-x-auto">
          {post.media.map((media, index) => (
            <MediaThumb key={index} media={media} className="size-20 border" />
          ))}
        </div>
      )}
      <p className="text-sm break-words whitespace-pre-wrap">
        <bdi>{post.text}</bdi>
      </p>
      <Facts>
        <Fact label={t('social.begun')}>{format.moment(post.started_at)}</Fact>
        <Fact label={t('social.published')}>{format.moment(post.published_at)}</Fact>
      </Facts>
      <ol aria-label={t('social.history')} className="grid gap-2">
        {post.steps.map((step, index) => (
          <li key={index} className="border-s-2 ps-3 text-sm">
            <span className="font-medium">
              {t(`social.steps.${step.step}`, { defaultValue: step.step.replaceAll('_', ' ') })}
            </span>
            <span className="text-muted-foreground"> · {format.second(step.at)}</span>
            {step.detail && (
              <p className="text-muted-foreground">
                <bdi>{step.detail}</bdi>
              </p>
            )}
          </li>
        ))}
      </ol>
      {post.permalink && (
        <Button asChild variant="outline">
          <a href={post.permalink} target="_blank" rel="noreferrer">
            {t('social.see')}
          </a>
        </Button>
      )}
    </>
  );
}
