// What the pages of the queue share.

import { useQuery, type QueryKey } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PauseIcon, PlayIcon } from 'lucide-react';
import { answer, api } from '@/api/client';
import { Confirm } from './confirm';
import { RowButton } from './row-actions';
import { useAct } from '@/lib/act';
import { useListState } from '@/lib/list-state';
import { useWorkspaceId } from '@/lib/queries';

/** As the program names them: see `pools::ALL` in jobs/src/lib.rs. */
export const POOLS = [
  'ai',
  'bulk',
  'default',
  'endpoints',
  'interactive',
  'media',
  'payments',
  'social',
  'whatsapp',
] as const;

/** The keys stand below the workspace's, so that what `useAct` reads again is read again here too. */
export function useOpsKey(...rest: QueryKey): QueryKey {
  return [useWorkspaceId(), 'ops', ...rest];
}

export function useKinds() {
  return useQuery({
    queryKey: useOpsKey('kinds'),
    queryFn: () => answer(api.GET('/api/v1/admin/ops/kinds')),
  }).data?.items;
}

/** Opens a job over the list in sight, which stays where it is. */
export function useOpenJob() {
  const { search, change } = useListState();
  return (id: number) => change({ open: String(id), page: search.page, cursor: search.cursor });
}

/** Asks before a pause. A resume needs no question. */
export function PauseButton({
  name,
  paused,
  text,
  set,
}: {
  name: string;
  paused: boolean;
  text?: string;
  set: (paused: boolean) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const pause = useAct(() => set(true), t('ops.paused'));
  const resume = useAct(() => set(false), t('ops.resumed'));
  if (paused)
    return (
      <RowButton
        words={t('ops.resume')}
        name={name}
        disabled={resume.isPending}
        onClick={() => resume.mutate(undefined)}
      >
        <PlayIcon aria-hidden />
      </RowButton>
    );
  return (
    <Confirm
      trigger={
        <RowButton words={t('ops.pause')} name={name}>
          <PauseIcon aria-hidden />
        </RowButton>
      }
      title={t('ops.pauseTitle', { name })}
      text={text ?? t('ops.pauseText')}
      action={t('ops.pause')}
      onConfirm={() => pause.mutateAsync(undefined)}
    />
  );
}
