import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { listOf, RecordDialog } from '@/components/record-form';
import { DeleteButton } from '@/components/row-actions';
import { SecretDialog } from '@/components/secret-dialog';
import { Badge } from '@/components/ui/badge';
import { useAct } from '@/lib/act';
import { useCodes } from '@/lib/codes';
import { useFormat } from '@/lib/format';
import { useIs, useMe, useWorkspaceId } from '@/lib/queries';

type Key = Schemas['ApiKeyView'];

function stateOf(key: Key) {
  if (key.revoked_at) return 'revoked';
  return key.expires_at && Date.parse(key.expires_at) <= Date.now() ? 'expired' : 'active';
}

export function ApiKeys() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const codes = useCodes();
  const me = useMe();
  const maySave = useIs('admin');
  const [isNew, setNew] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const scopes = useQuery({
    queryKey: ['roles'],
    queryFn: () => answer(api.GET('/api/v1/roles')),
    enabled: isNew,
  }).data?.filter((one) => one.is_scope && one.roles.some((role) => role === me?.role));
  const revoke = useAct(
    (id: string) => api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }),
    t('keys.revoked'),
  );
  const columns = useMemo<Column<Key>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'scopes',
        header: t('keys.scopes'),
        value: (one) => one.scopes.flatMap((scope) => [codes.permission(scope), scope]).join(', '),
        filter: { kind: 'text' },
        cell: (one) => (
          <span className="line-clamp-2 max-w-sm text-xs text-muted-foreground" title={one.scopes.join(', ')}>
            {one.scopes.map(codes.permission).join(' · ')}
          </span>
        ),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: stateOf,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('keys.all'),
          options: ['active', 'expired', 'revoked'].map((one) => ({ value: one, label: t(`state.${one}`) })),
        },
        cell: (one) => (
          <Badge tone={stateOf(one) === 'active' ? 'good' : undefined}>{t(`state.${stateOf(one)}`)}</Badge>
        ),
      },
      {
        id: 'used',
        header: t('keys.used'),
        value: (one) => one.last_used_at,
        filter: { kind: 'day' },
        cell: (one) => (one.last_used_at ? format.moment(one.last_used_at) : t('keys.neverUsed')),
      },
      {
        id: 'expires',
        header: t('keys.expires'),
        value: (one) => one.expires_at,
        cell: (one) => (one.expires_at ? format.day(one.expires_at) : t('keys.never')),
      },
      {
        id: 'created',
        header: t('common.created'),
        hidden: true,
        value: (one) => one.created_at,
        cell: (one) => format.moment(one.created_at),
      },
      ...actionsColumn(
        maySave,
        (one: Key) =>
          stateOf(one) === 'active' && (
            <DeleteButton
              name={one.name}
              title={t('keys.revokeTitle', { name: one.name })}
              text={t('keys.revokeText')}
              action={t('keys.revoke')}
              onConfirm={() => revoke.mutateAsync(one.id)}
            />
          ),
      ),
    ],
    [t, format, codes, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.apiKeys')}>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('keys.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="api-keys"
        label={t('nav.apiKeys')}
        columns={columns}
        source={{
          key: [workspace, 'api-keys'],
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/api-keys', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('keys.none'), hint: t('keys.noneHint') }}
      />
      <RecordDialog
        open={isNew}
        onOpenChange={setNew}
        title={t('keys.add')}
        hint={t('keys.addHint')}
        done=""
        groups={[
          {
            fields: [
              { name: 'name', label: t('common.name'), hint: t('keys.nameHint'), required: true },
              {
                name: 'expires',
                label: t('keys.expires'),
                hint: t('keys.expiresHint'),
                kind: 'date',
                pointer: 'expires_at',
              },
              {
                name: 'scopes',
                label: t('keys.scopes'),
                hint: t('keys.scopesHint'),
                kind: 'many',
                options: (scopes ?? []).map((one) => ({
                  value: one.permission,
                  label: codes.permission(one.permission),
                  code: one.permission,
                })),
              },
            ],
          },
        ]}
        check={(values) => (values.scopes ? undefined : { name: t('keys.scopesMissing') })}
        save={async (values) => {
          const created = await answer(
            api.POST('/api/v1/api-keys', {
              body: {
                name: values.name?.trim() ?? '',
                scopes: listOf(values.scopes),
                expires_at: values.expires ? format.at(values.expires, '00:00') : null,
              },
            }),
          );
          setMade(created.key);
        }}
      />
      <SecretDialog
        title={t('keys.made')}
        text={t('keys.once')}
        label={t('keys.key')}
        secret={made}
        onKept={() => setMade(null)}
      />
    </>
  );
}
