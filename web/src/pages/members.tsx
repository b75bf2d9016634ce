import { BanIcon, MailIcon, RotateCcwIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { rankOf, ROLES, useIs, useMe, useWorkspace, useWorkspaceId } from '@/lib/queries';

type Member = Schemas['Member'];
type Invitation = Schemas['InvitationView'];
type Role = Schemas['Role'];

function roleOf(text: string | undefined): Role {
  return ROLES.find((one) => one === text) ?? 'viewer';
}

/** Nobody gives a role above their own. */
function useRoles() {
  const { t } = useTranslation();
  const rank = rankOf(useMe()?.role ?? undefined);
  return ROLES.slice(0, rank + 1).map((value) => ({
    value,
    label: `${t(`role.${value}`)} – ${t(`members.may.${value}`)}`,
  }));
}

function People() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const me = useMe();
  const maySave = useIs('admin');
  const roles = useRoles();
  const [edited, setEdited] = useState<Member | null>(null);
  const remove = useAct(
    (id: string) => api.DELETE('/api/v1/members/{id}', { params: { path: { id } } }),
    t('members.removed'),
  );
  const suspend = useAct(
    (id: string) => api.POST('/api/v1/members/{id}/suspend', { params: { path: { id } } }),
    t('common.done'),
  );
  const reinstate = useAct(
    (id: string) => api.POST('/api/v1/members/{id}/reinstate', { params: { path: { id } } }),
    t('common.done'),
  );
  const columns = useMemo<Column<Member>[]>(
    () => [
      {
        id: 'name',
        header: t('common.name'),
        value: (one) => one.name,
        filter: { kind: 'text' },
        cell: (one) => (
          <span className="inline-flex flex-wrap items-center gap-2 font-medium">
            <bdi>{one.name || one.email}</bdi>
            {one.id === me?.id && <Badge>{t('members.you')}</Badge>}
            {one.suspended_at && (
              <Badge tone="bad" title={format.moment(one.suspended_at)}>
                {t('members.suspended')}
              </Badge>
            )}
          </span>
        ),
      },
      {
        id: 'email',
        header: t('contacts.email'),
        value: (one) => one.email,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.email}</bdi>,
      },
      {
        id: 'role',
        header: t('members.role'),
        value: (one) => one.role,
        filter: { kind: 'choice', options: ROLES.map((value) => ({ value, label: t(`role.${value}`) })) },
        cell: (one) => <Badge>{t(`role.${one.role}`)}</Badge>,
      },
      timeColumn('since', t('members.since'), format.day, (one) => one.created_at),
      ...actionsColumn(maySave, (one: Member) =>
        one.id === me?.id ? null : (
          <>
            <EditButton name={one.name ?? one.email ?? ''} onClick={() => setEdited(one)} />
            {one.suspended_at ? (
              <RowButton
                words={t('members.reinstate')}
                name={one.name ?? one.email ?? ''}
                onClick={() => reinstate.mutate(one.id)}
              >
                <RotateCcwIcon aria-hidden />
              </RowButton>
            ) : (
              <Confirm
                trigger={
                  <RowButton words={t('members.suspend')} name={one.name ?? one.email ?? ''}>
                    <BanIcon aria-hidden />
                  </RowButton>
                }
                title={t('members.suspendTitle', { name: one.name ?? one.email })}
                text={t('members.suspendText')}
                action={t('members.suspend')}
                destructive
                onConfirm={() => suspend.mutateAsync(one.id)}
              />
            )}
            <DeleteButton
              name={one.name ?? one.email ?? ''}
              title={t('members.removeTitle', { name: one.name ?? one.email })}
              text={t('members.removeText')}
              action={t('members.remove')}
              onConfirm={() => remove.mutateAsync(one.id)}
            />
          </>
        ),
      ),
    ],
    [t, format, me, maySave],
  );
  return (
    <>
      <DataTable
        name="members"
        label={t('nav.members')}
        columns={columns}
        source={{
          key: [workspace, 'members'],
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/members', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('members.none') }}
      />
      <RecordDialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={t('members.changeRole', { name: edited?.name ?? edited?.email })}
        initial={{ role: edited?.role ?? 'viewer' }}
        groups={[{ fields: [{ name: 'role', label: t('members.role'), kind: 'choice', options: roles }] }]}
        save={(values) =>
          api.PATCH('/api/v1/members/{id}', {
            params: { path: { id: edited?.id ?? '' } },
            body: { role: roleOf(values.role) },
          })
        }
      />
    </>
  );
}

function Invitations() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const revoke = useAct(
    (id: string) => api.DELETE('/api/v1/invitations/{id}', { params: { path: { id } } }),
    t('common.done'),
  );
  const resend = useAct(
    (id: string) => api.POST('/api/v1/invitations/{id}/resend', { params: { path: { id } } }),
    t('members.invited'),
  );
  const columns = useMemo<Column<Invitation>[]>(
    () => [
      {
        id: 'email',
        header: t('contacts.email'),
        value: (one) => one.email,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="font-medium">
            {one.email}
          </bdi>
        ),
      },
      {
        id: 'role',
        header: t('members.role'),
        value: (one) => one.role,
        filter: { kind: 'choice', options: ROLES.map((value) => ({ value, label: t(`role.${value}`) })) },
        cell: (one) => <Badge>{t(`role.${one.role}`)}</Badge>,
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('members.allInvitations'),
          options: ['open', 'accepted', 'declined', 'revoked'].map((one) => ({ value: one, label: t(`state.${one}`) })),
        },
        cell: (one) => <StateBadge state={one.status} />,
      },
      timeColumn('expires', t('members.until'), format.moment, (one) => one.expires_at),
      ...actionsColumn(
        maySave,
        (one: Invitation) =>
          one.status === 'open' && (
            <>
              <Confirm
                trigger={
                  <RowButton words={t('members.resend')} name={one.email}>
                    <MailIcon aria-hidden />
                  </RowButton>
                }
                title={t('members.resendTitle')}
                text={t('members.resendText')}
                action={t('members.resend')}
                onConfirm={() => resend.mutateAsync(one.id)}
              />
              <DeleteButton
                name={one.email}
                title={t('members.revokeTitle')}
                text={t('members.revokeText')}
                action={t('members.revoke')}
                onConfirm={() => revoke.mutateAsync(one.id)}
              />
            </>
          ),
      ),
    ],
    [t, format, maySave],
  );
  return (
    <DataTable
      name="invitations"
      label={t('members.invitations')}
      columns={columns}
      source={{
        key: [workspace, 'invitations'],
        load: ({ limit, cursor }) => answer(api.GET('/api/v1/invitations', { params: { query: { limit, cursor } } })),
      }}
      rowId={(one) => one.id}
      empty={{ title: t('members.invitationsNone') }}
    />
  );
}

export function Members() {
  const { t } = useTranslation();
  const maySave = useIs('admin');
  const workspace = useWorkspace();
  const roles = useRoles();
  const [isNew, setNew] = useState(false);
  const tab = useTab(maySave ? ['members', 'invitations'] : ['members']);
  return (
    <>
      <PageHead title={t('nav.members')}>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('members.invite')}</AddButton>}
      </PageHead>
      {maySave && (
        <Tabs
          label={t('nav.members')}
          tabs={[
            { id: 'members', label: t('nav.members') },
            { id: 'invitations', label: t('members.invitations') },
          ]}
        />
      )}
      {tab === 'invitations' ? <Invitations /> : <People />}
      <RecordDialog
        open={isNew}
        onOpenChange={setNew}
        title={t('members.invite')}
        hint={t('members.inviteHint')}
        action={t('members.inviteSend')}
        done={t('members.invited')}
        initial={{ role: 'agent', language: workspace?.default_language ?? 'en' }}
        groups={[
          {
            fields: [
              { name: 'email', label: t('contacts.email'), kind: 'email', required: true },
              { name: 'role', label: t('members.role'), kind: 'choice', options: roles },
              {
                name: 'language',
                label: t('members.letterLanguage'),
                kind: 'choice',
                options: LANGUAGE_OPTIONS,
              },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/invitations', {
            body: { email: values.email?.trim() ?? '', role: roleOf(values.role), language: values.language },
          })
        }
      />
    </>
  );
}
