import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { EndpointDialog, EndpointSecret, readEndpoint } from './endpoint-form';

type Endpoint = Schemas['Endpoint'];

export function stateOfEndpoint(one: Endpoint) {
  return one.enabled ? 'on' : one.stopped ? 'stopped' : 'off';
}

export function Endpoints() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Endpoint>(readEndpoint);
  const [secret, setSecret] = useState<string | null>(null);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/endpoints/{id}', { params: await asItIs(readEndpoint, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Endpoint>[]>(
    () => [
      {
        id: 'url',
        header: t('endpoints.url'),
        value: (one) => one.url,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="line-clamp-2 max-w-md font-medium break-all" title={one.url}>
            {one.url}
          </bdi>
        ),
      },
      nameColumn(t('endpoints.description'), (one) => one.description, 'description'),
      {
        id: 'events',
        header: t('endpoints.events'),
        value: (one) => one.event_types?.join(' ') ?? '',
        filter: { kind: 'text' },
        cell: (one) =>
          one.event_types ? (
            <bdi
              dir="ltr"
              className="line-clamp-2 max-w-xs text-xs text-muted-foreground"
              title={one.event_types.join(', ')}
            >
              {one.event_types.join(', ')}
            </bdi>
          ) : (
            t('table.all')
          ),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: stateOfEndpoint,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('endpoints.all'),
          options: ['on', 'off', 'stopped'].map((value) => ({ value, label: t(`state.${value}`) })),
        },
        cell: (one) => <StateBadge state={stateOfEndpoint(one)} />,
      },
      timeColumn('failing', t('endpoints.failing'), format.moment, (one) => one.failing_since),
      timeColumn('created', t('common.created'), format.moment, (one) => one.created_at, true),
      ...actionsColumn(maySave, (one: Endpoint) => (
        <>
          <EditButton name={one.url} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.url}
            title={t('endpoints.deleteTitle')}
            text={t('endpoints.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.endpoints')}>
        {maySave && <AddButton onClick={opened.add}>{t('endpoints.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="endpoints"
        label={t('nav.endpoints')}
        columns={columns}
        source={{
          key: [workspace, 'endpoints'],
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/endpoints', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        href={(one) => `/endpoints/${one.id}`}
        empty={{ title: t('endpoints.none'), hint: t('endpoints.noneHint') }}
      />
      <EndpointDialog opened={opened} onMade={setSecret} />
      <EndpointSecret secret={secret} onKept={() => setSecret(null)} />
    </>
  );
}
