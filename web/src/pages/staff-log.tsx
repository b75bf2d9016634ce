import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { EntryDialog } from '@/components/audit-entry';
import { Coded } from '@/components/coded';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { useCodes } from '@/lib/codes';
import { useFormat } from '@/lib/format';
import { platformStaffQuery } from '@/lib/platform';
import { sameId, useWorkspaceId } from '@/lib/queries';

type Entry = Schemas['StaffAuditRecord'];

/** A record names its subject by the bare UUID. */
const idOf = (prefix: string, uuid: string) => `${prefix}_${uuid.replaceAll('-', '')}`;

function Subject({ of, words }: { of: Entry; words: string }) {
  const style = 'text-primary-text hover:underline';
  if (of.subject_kind === 'user')
    return (
      <Link to="/staff/users/$id" params={{ id: idOf('usr', of.subject_id) }} className={style}>
        {words}
      </Link>
    );
  const workspace = of.subject_kind === 'workspace' ? idOf('wsp', of.subject_id) : of.workspace_id;
  if (!workspace) return words;
  return (
    <Link to="/staff/workspaces/$id" params={{ id: workspace }} className={style}>
      {words}
    </Link>
  );
}

export function StaffLog() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const codes = useCodes();
  const staff = useQuery(platformStaffQuery(workspace)).data?.items;
  const [open, setOpen] = useState<Entry | null>(null);
  const actorOf = useCallback(
    (one: Entry) => {
      const user = staff?.find(({ id }) => sameId(id, one.actor_id));
      return user?.name || user?.email || t(`audit.actors.${one.actor_kind}`);
    },
    [staff, t],
  );
  const columns = useMemo<Column<Entry>[]>(
    () => [
      timeColumn('at', t('audit.at'), format.moment, (one) => one.at),
      {
        id: 'actor',
        header: t('audit.actor'),
        value: actorOf,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="font-medium">{actorOf(one)}</bdi>,
      },
      {
        id: 'action',
        header: t('audit.action'),
        value: (one) => codes.action(one.action),
        filter: { kind: 'text' },
        cell: (one) => <Coded words={codes.action(one.action)} code={one.action} />,
      },
      {
        id: 'subject',
        header: t('audit.subject'),
        value: (one) => codes.subject(one.subject_kind),
        filter: { kind: 'text' },
        cell: (one) => <Subject of={one} words={codes.subject(one.subject_kind)} />,
      },
      {
        id: 'address',
        header: t('audit.address'),
        value: (one) => one.address,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.address ?? '–'}</bdi>,
      },
    ],
    [t, format, codes, actorOf],
  );
  return (
    <>
      <PageHead title={t('nav.staffLog')} />
      <DataTable
        name="staff-log"
        label={t('nav.staffLog')}
        columns={columns}
        source={{
          key: [workspace, 'platform', 'log'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/admin/audit-log', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={setOpen}
        empty={{ title: t('audit.none') }}
      />
      <EntryDialog entry={open} actor={open ? actorOf(open) : ''} onClose={() => setOpen(null)} />
    </>
  );
}
