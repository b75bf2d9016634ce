import { KeyRoundIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { actionsColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog, type FormField } from '@/components/record-form';
import { DeleteButton, RowButton } from '@/components/row-actions';
import { SocialParts } from '@/components/social-parts';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { NETWORKS } from '@/lib/social';

type Account = Schemas['SocialAccount'];

const readAccount = (id: string) => tagged(api.GET('/api/v1/social/accounts/{id}', { params: { path: { id } } }));

export function SocialAccounts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [isNew, setNew] = useState(false);
  const [rotated, setRotated] = useState<Account | null>(null);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/social/accounts/{id}', { params: await asItIs(readAccount, id) }),
    t('common.done'),
  );
  const columns = useMemo<Column<Account>[]>(
    () => [
      {
        id: 'name',
        header: t('common.name'),
        value: (one) => one.name,
        cell: (one) => <span className="font-medium">{one.name}</span>,
      },
      {
        id: 'network',
        header: t('social.network'),
        value: (one) => one.network,
        filter: {
          kind: 'choice',
          options: Object.entries(NETWORKS).map(([value, label]) => ({ value, label })),
        },
        cell: (one) => NETWORKS[one.network],
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => (
          <span className="inline-flex flex-wrap items-center gap-2">
            <StateBadge state={one.status} />
            {one.status_reason && <span className="text-destructive-text">{one.status_reason}</span>}
          </span>
        ),
      },
      {
        id: 'token',
        header: t('social.token'),
        cell: (one) => <Badge>…{one.token_hint}</Badge>,
      },
      {
        id: 'checked',
        header: t('social.checked'),
        value: (one) => one.checked_at,
        cell: (one) => format.moment(one.checked_at),
      },
      {
        id: 'expires',
        header: t('social.tokenEnds'),
        hidden: true,
        value: (one) => one.token_expires_at,
        cell: (one) => format.moment(one.token_expires_at),
      },
      ...actionsColumn(maySave, (one: Account) => (
        <>
          <RowButton words={t('social.rotate')} name={one.name} onClick={() => setRotated(one)}>
            <KeyRoundIcon aria-hidden />
          </RowButton>
          <DeleteButton
            name={one.name}
            title={t('social.disconnectTitle')}
            text={t('social.disconnectText')}
            action={t('social.disconnect')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  const token: FormField[] = [
    {
      name: 'token',
      label: t('social.token'),
      hint: t('social.tokenHint'),
      kind: 'password',
      required: true,
      autoComplete: 'off',
    },
    { name: 'ends', label: t('social.tokenEnds'), kind: 'date', pointer: 'token_expires_at' },
  ];
  return (
    <>
      <PageHead title={t('nav.social')}>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('social.connect')}</AddButton>}
      </PageHead>
      <SocialParts />
      <DataTable
        name="social-accounts"
        label={t('social.accounts')}
        columns={columns}
        source={{
          key: [workspace, 'social-accounts'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/social/accounts', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        empty={{ title: t('social.accountsNone'), hint: t('social.accountsHint') }}
      />
      <RecordDialog
        open={isNew}
        onOpenChange={setNew}
        title={t('social.connect')}
        groups={[
          {
            fields: [
              {
                name: 'network',
                label: t('social.network'),
                kind: 'choice',
                options: Object.entries(NETWORKS).map(([value, label]) => ({ value, label })),
              },
              { name: 'external', label: t('social.external'), required: true, pointer: 'external_id', dir: 'ltr' },
              ...token,
            ],
          },
        ]}
        initial={{ network: 'instagram' }}
        save={(values) =>
          api.POST('/api/v1/social/accounts', {
            body: {
              network: values.network === 'facebook' ? 'facebook' : 'instagram',
              external_id: values.external?.trim() ?? '',
              token: values.token ?? '',
              token_expires_at: values.ends ? format.at(values.ends, '00:00') : null,
            },
          })
        }
      />
      <RecordDialog
        open={rotated !== null}
        onOpenChange={(open) => !open && setRotated(null)}
        title={t('social.rotate')}
        groups={[{ fields: token }]}
        save={(values) =>
          api.POST('/api/v1/social/accounts/{id}/rotate-token', {
            params: { path: { id: rotated?.id ?? '' } },
            body: {
              token: values.token ?? '',
              token_expires_at: values.ends ? format.at(values.ends, '00:00') : null,
            },
          })
        }
      />
    </>
  );
}
