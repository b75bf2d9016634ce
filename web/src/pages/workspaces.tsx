import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronRightIcon, PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, enter, logOut, type Schemas } from '@/api/client';
import { Entrance, Refusal, useEntry } from '@/components/entrance';
import { Field } from '@/components/field';
import { Empty, Failed, Loading, useReason } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { invitationIn } from '@/lib/invitation';
import { useMe, workspacesQuery } from '@/lib/queries';

/** Takes the code of a letter, shows who invites, and accepts or declines. */
function Invitation({
  code,
  onAccepted,
}: {
  code: string | undefined;
  onAccepted: (workspace: string) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [offer, setOffer] = useState<{ token: string; of: Schemas['Offer'] } | null>(null);
  const entry = useEntry<'token'>(
    ({ token }) => ({ token: !offer && !token.trim() && t('login.codeMissing') }),
    async ({ token }) => {
      if (!offer) {
        const body = { token: token.trim() };
        setOffer({ ...body, of: await answer(api.POST('/api/v1/invitations/look-up', { body })) });
        return;
      }
      await api.POST('/api/v1/invitations/accept', { body: { token: offer.token } });
      await onAccepted(offer.of.workspace_id);
    },
  );
  const decline = useAct(async (token: string) => {
    await api.POST('/api/v1/invitations/decline', { body: { token } });
    await navigate({ to: '/workspaces', search: true, replace: true });
    setOffer(null);
  }, t('workspaces.declined'));
  return (
    <Card className="mt-6">
      <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
        <h2 className="font-semibold">{t('workspaces.invitation')}</h2>
        <Refusal error={entry.fault} />
        {offer ? (
          <>
            <p className="flex flex-wrap items-center gap-2 text-sm">
              <bdi className="font-medium">{offer.of.workspace_name}</bdi>
              <Badge>{t(`role.${offer.of.role}`)}</Badge>
            </p>
            <div className="flex flex-wrap gap-2">
              <Button type="submit" disabled={entry.isBusy}>
                {t('workspaces.accept')}
              </Button>
              <Button variant="outline" disabled={decline.isPending} onClick={() => decline.mutate(offer.token)}>
                {t('workspaces.decline')}
              </Button>
            </div>
          </>
        ) : (
          <>
            <Field label={t('login.code')} hint={t('workspaces.invitationHint')} error={entry.errorOf('token')}>
              <Input name="token" defaultValue={code} autoComplete="off" dir="ltr" />
            </Field>
            <Button type="submit" variant="outline" disabled={entry.isBusy}>
              {t('workspaces.lookUp')}
            </Button>
          </>
        )}
      </form>
    </Card>
  );
}

/** The workspaces that this person belongs to and cannot open, each with the reason. */
function ShutOut({ all }: { all: Schemas['Membership'][] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('workspaces.shutOut')} className="mt-6">
      <h2 className="mb-2 font-semibold">{t('workspaces.shutOut')}</h2>
      <ul className="grid gap-2">
        {all.map((one) => (
          <li key={one.workspace_id} className="grid gap-1 rounded-md border bg-card p-4 shadow-xs">
            <p className="flex items-center gap-3">
              <span className="min-w-0 grow truncate font-medium">
                <bdi>{one.name}</bdi>
              </span>
              <Badge tone="bad">{t(`workspaces.shut.${one.shut_out}.badge`)}</Badge>
            </p>
            <p className="text-sm text-muted-foreground">{t(`workspaces.shut.${one.shut_out}.text`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The workspaces that an owner has deleted and can still restore. */
function Deleted({ all }: { all: Schemas['Membership'][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const restore = useAct(async (id: string) => {
    await api.POST('/api/v1/workspaces/{id}/restore', { params: { path: { id } } });
    await queries.invalidateQueries({ queryKey: ['workspaces'] });
  }, t('workspaces.restored'));
  return (
    <section aria-label={t('workspaces.deleted')} className="mt-6">
      <h2 className="mb-2 font-semibold">{t('workspaces.deleted')}</h2>
      <ul className="grid gap-2">
        {all.map((one) => (
          <li
            key={one.workspace_id}
            className="flex flex-wrap items-center gap-3 rounded-md border bg-card p-4 shadow-xs"
          >
            <div className="min-w-0 grow">
              <p className="truncate font-medium">
                <bdi>{one.name}</bdi>
              </p>
              <p className="text-sm text-muted-foreground">
                {t('workspaces.until', { time: format.moment(one.restorable_until) })}
              </p>
            </div>
            <Button
              variant="outline"
              size="sm"
              disabled={restore.isPending}
              aria-label={t('workspaces.restoreOf', { name: one.name })}
              onClick={() => restore.mutate(one.workspace_id)}
            >
              {t('workspaces.restore')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Workspaces() {
  const { t } = useTranslation();
  const { back } = useSearch({ from: '/workspaces' });
  const code = invitationIn(useLocation().hash);
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
  const me = useMe();
  const mine = workspaces.data?.filter((one) => !one.shut_out);
  const deleted = workspaces.data?.filter((one) => one.restorable_until) ?? [];
  const shutOut = workspaces.data?.filter((one) => one.shut_out && !one.restorable_until) ?? [];
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
      ) : workspaces.data.length === 0 ? (
        <Empty title={t('workspaces.none')} hint={t('workspaces.noneHint')} />
      ) : (
        <ul className="grid gap-2 empty:hidden">
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
      {shutOut.length > 0 && <ShutOut all={shutOut} />}
      {deleted.length > 0 && <Deleted all={deleted} />}
      <Button asChild variant="outline" className="mt-6 w-full">
        <Link to="/workspaces/new">
          <PlusIcon aria-hidden />
          {t('workspaces.new')}
        </Link>
      </Button>
      <Invitation
        key={code}
        code={code}
        onAccepted={async (id) => {
          await queries.invalidateQueries({ queryKey: ['workspaces'] });
          await open.mutateAsync(id);
        }}
      />
      {me?.is_staff && (
        <Button asChild variant="outline" className="mt-6 w-full">
          <Link to="/staff">{t('nav.platform')}</Link>
        </Button>
      )}
      <Button asChild variant="ghost" className="mt-4 w-full">
        <Link to="/profile">{t('nav.profile')}</Link>
      </Button>
      <Button variant="ghost" className="w-full" disabled={leave.isPending} onClick={() => leave.mutate(undefined)}>
        {t('shell.logOut')}
      </Button>
    </Entrance>
  );
}
