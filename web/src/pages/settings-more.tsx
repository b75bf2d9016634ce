import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, type Schemas } from '@/api/client';
import { actionsColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { CopyText } from '@/components/copy-text';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, Fact, Facts } from '@/components/page';
import { listOf, RecordDialog, RecordForm } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Field = Schemas['Field'];

const KINDS = ['text', 'number', 'date', 'boolean', 'choice'] as const;

export function ContactFields() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const maySave = useIs('admin');
  const [edited, setEdited] = useState<Field | 'new' | null>(null);
  const remove = useAct(
    (key: string) => api.DELETE('/api/v1/contact-fields/{key}', { params: { path: { key } } }),
    t('common.deleted'),
  );
  const columns = useMemo<Column<Field>[]>(
    () => [
      {
        id: 'label',
        header: t('common.name'),
        value: (one) => one.label,
        cell: (one) => <bdi className="font-medium">{one.label}</bdi>,
      },
      { id: 'key', header: t('fields.key'), value: (one) => one.key, cell: (one) => <bdi dir="ltr">{one.key}</bdi> },
      {
        id: 'kind',
        header: t('fields.kind'),
        value: (one) => one.kind,
        cell: (one) => t(`fields.kinds.${one.kind}`),
      },
      {
        id: 'choices',
        header: t('fields.choices'),
        value: (one) => one.choices?.join(', '),
        cell: (one) => one.choices?.join(', ') || '–',
      },
      ...actionsColumn(maySave, (one: Field) => (
        <>
          <EditButton name={one.label} onClick={() => setEdited(one)} />
          <DeleteButton
            name={one.label}
            title={t('fields.deleteTitle')}
            text={t('fields.deleteText')}
            onConfirm={() => remove.mutateAsync(one.key)}
          />
        </>
      )),
    ],
    [t, maySave],
  );
  const before = edited === 'new' || !edited ? null : edited;
  return (
    <>
      {maySave && (
        <div className="mb-4 flex justify-end">
          <AddButton onClick={() => setEdited('new')}>{t('fields.add')}</AddButton>
        </div>
      )}
      <DataTable
        name="contact-fields"
        label={t('fields.title')}
        columns={columns}
        source={{ key: [workspace, 'contact-fields', 'list'], load: () => answer(api.GET('/api/v1/contact-fields')) }}
        rowId={(one) => one.key}
        empty={{ title: t('fields.none'), hint: t('fields.noneHint') }}
      />
      <RecordDialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={before ? t('fields.edit') : t('fields.add')}
        initial={{
          label: before?.label ?? '',
          kind: before?.kind ?? 'text',
          choices: before?.choices?.join(', ') ?? '',
        }}
        groups={[
          {
            fields: [
              { name: 'label', label: t('common.name'), required: true },
              ...(before
                ? []
                : [
                    {
                      name: 'key',
                      label: t('fields.key'),
                      hint: t('fields.keyHint'),
                      required: true,
                      dir: 'ltr' as const,
                    },
                    {
                      name: 'kind',
                      label: t('fields.kind'),
                      kind: 'choice' as const,
                      options: KINDS.map((value) => ({ value, label: t(`fields.kinds.${value}`) })),
                    },
                  ]),
              { name: 'choices', label: t('fields.choices'), hint: t('fields.choicesHint') },
            ],
          },
        ]}
        save={(values) =>
          api.PUT('/api/v1/contact-fields/{key}', {
            params: { path: { key: before?.key ?? values.key?.trim() ?? '' } },
            body: {
              label: values.label?.trim() ?? '',
              kind: before?.kind ?? KINDS.find((one) => one === values.kind) ?? 'text',
              choices: listOf(values.choices),
            },
          })
        }
      />
    </>
  );
}

/** The account at Stripe that takes the workspace's payments. */
export function Stripe() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isOwner = useIs('owner');
  const query = useQuery({
    queryKey: [workspace, 'payment-account'],
    queryFn: () =>
      answer(api.GET('/api/v1/payment-account')).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
  });
  const disconnect = useAct(() => api.DELETE('/api/v1/payment-account'), t('common.done'));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const connected = query.data;
  return (
    <div className="grid max-w-3xl gap-6">
      {connected && (
        <Card>
          <CardTitle className="flex flex-wrap items-center gap-3">
            Stripe
            <StateBadge state={connected.account.status} />
            <Badge tone={connected.account.live ? 'good' : 'waiting'}>
              {connected.account.live ? t('stripe.live') : t('stripe.test')}
            </Badge>
          </CardTitle>
          <Facts>
            <Fact label={t('stripe.account')}>
              <bdi dir="ltr">{connected.account.account_id}</bdi>
            </Fact>
            <Fact label={t('stripe.key')}>
              <bdi dir="ltr">…{connected.account.key_hint}</bdi>
            </Fact>
            <Fact label={t('products.updated')}>{format.moment(connected.account.updated_at)}</Fact>
            {connected.account.status_reason && (
              <Fact label={t('channels.reason')}>{connected.account.status_reason}</Fact>
            )}
          </Facts>
          <p className="mt-6 mb-2 text-sm font-medium">{t('stripe.webhook')}</p>
          <CopyText label={t('stripe.webhook')} text={connected.webhook_url} />
          <p className="mt-2 text-xs text-muted-foreground">
            {t('stripe.events')} <bdi dir="ltr">{connected.events.join(', ')}</bdi>
          </p>
          {isOwner && (
            <Confirm
              trigger={
                <Button variant="outline" className="mt-6">
                  {t('stripe.disconnect')}
                </Button>
              }
              title={t('stripe.disconnectTitle')}
              text={t('stripe.disconnectText')}
              action={t('stripe.disconnect')}
              destructive
              onConfirm={() => disconnect.mutateAsync(undefined)}
            />
          )}
        </Card>
      )}
      {isOwner && (
        <Card>
          <CardTitle>{connected ? t('stripe.replace') : t('stripe.connect')}</CardTitle>
          <RecordForm
            key={connected?.account.updated_at ?? ''}
            groups={[
              {
                fields: [
                  { name: 'key', label: t('stripe.key'), hint: t('stripe.keyHint'), kind: 'password', required: true },
                  { name: 'webhook_secret', label: t('stripe.secret'), hint: t('stripe.secretHint'), kind: 'password' },
                ],
              },
            ]}
            save={(values) =>
              api.PUT('/api/v1/payment-account', {
                body: { key: values.key?.trim() ?? '', webhook_secret: values.webhook_secret?.trim() || null },
              })
            }
          />
        </Card>
      )}
    </div>
  );
}
