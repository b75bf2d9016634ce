import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronRightIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, enter, logOut } from '@/api/client';
import { Empty, Failed, Loading, useReason } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { workspacesQuery } from '@/lib/queries';
import { Entrance } from './log-in';

export function Workspaces() {
  const { t } = useTranslation();
  const { back } = useSearch({ from: '/workspaces' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const reason = useReason();
  const workspaces = useQuery(workspacesQuery());
  const open = useMutation({
    mutationFn: async (workspace_id: string) => {
      enter(await answer(api.POST('/api/v1/me/workspace', { body: { workspace_id } })));
      await queries.invalidateQueries({ queryKey: ['me'] });
      await navigate({ to: back ?? '/' });
    },
  });
  const leave = useAct(() => logOut('/api/v1/auth/logout'));
  const mine = workspaces.data?.filter((one) => !one.deleted_at);
  return (
    <Entrance>
      <h1 className="mb-2 text-2xl font-bold sm:text-[2rem]">{t('workspaces.title')}</h1>
      <p className="mb-6 text-muted-foreground">{t('workspaces.intro')}</p>
      {open.isError && (
        <p role="alert" className="mb-4 text-sm text-destructive-text">
          {reason(open.error)}
        </p>
      )}
      {workspaces.isPending ? (
        <Loading />
      ) : workspaces.isError ? (
        <Failed error={workspaces.error} retry={() => void workspaces.refetch()} />
      ) : mine?.length === 0 ? (
        <Empty title={t('workspaces.none')} hint={t('workspaces.noneHint')} />
      ) : (
        <ul className="grid gap-2">
          {mine?.map((one) => (
            <li key={one.workspace_id}>
              <button
                type="button"
                disabled={open.isPending}
                className="flex w-full items-center gap-3 rounded-md border bg-card p-4 text-start shadow-xs hover:bg-muted"
                onClick={() => open.mutate(one.workspace_id)}
              >
                <span className="min-w-0 grow truncate font-medium">{one.name}</span>
                <Badge>{t(`role.${one.role}`)}</Badge>
                <ChevronRightIcon className="size-4 rtl:rotate-180" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Button variant="ghost" className="mt-6" disabled={leave.isPending} onClick={() => leave.mutate(undefined)}>
        {t('shell.logOut')}
      </Button>
    </Entrance>
  );
}
