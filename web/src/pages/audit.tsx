import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { EntryDialog } from '@/components/audit-entry';
import { Coded } from '@/components/coded';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { useCodes } from '@/lib/codes';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { membersQuery, sameId, useWorkspaceId } from '@/lib/queries';
import { rangeOf } from '@/lib/where';

type Entry = Schemas['AuditRecord'];

const ACTORS = ['member', 'api_key', 'customer', 'operator', 'staff', 'system'] as const;

export function Audit() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const codes = useCodes();
  const members = useQuery(membersQuery(workspace)).data?.items;
  const [open, setOpen] = useState<Entry | null>(null);
  const actorOf = useCallback(
    (one: Entry) =>
      members?.find((member) => sameId(member.id, one.actor_id))?.name ?? t(`audit.actors.${one.actor_kind}`),
    [members, t],
  );
  const columns = useMemo<Column<Entry>[]>(() => {
    return [
      {
        id: 'at',
        header: t('audit.at'),
        value: (one) => one.at,
        filter: { kind: 'day', server: true },
        cell: (one) => format.moment(one.at),
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        value: actorOf,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('audit.allActors'),
          of: (one) => [one.actor_kind],
          options: ACTORS.map((value) => ({ value, label: t(`audit.actors.${value}`) })),
        },
        cell: (one) => <bdi className="font-medium">{actorOf(one)}</bdi>,
      },
      {
        id: 'action',
        header: t('audit.action'),
        value: (one) => codes.action(one.action),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('audit.allActions'),
          of: (one) => [one.action],
          options: codes.actions,
        },
        cell: (one) => <Coded words={codes.action(one.action)} code={one.action} />,
      },
      {
        id: 'code',
        header: t('audit.code'),
        hidden: true,
        value: (one) => one.action,
        cell: (one) => <bdi dir="ltr">{one.action}</bdi>,
      },
      {
        id: 'subject',
        header: t('audit.subject'),
        value: (one) => codes.subject(one.subject_kind),
        filter: { kind: 'choice', server: true, of: (one) => [one.subject_kind], options: codes.subjects },
        cell: (one) => codes.subject(one.subject_kind),
      },
      {
        id: 'address',
        header: t('audit.address'),
        value: (one) => one.address,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.address ?? '–'}</bdi>,
      },
    ];
  }, [t, format, codes, actorOf]);
  return (
    <>
      <PageHead title={t('nav.audit')} />
      <DataTable
        name="audit"
        label={t('nav.audit')}
        columns={columns}
        source={{
          key: [workspace, 'audit'],
          load: ({ filters, limit, cursor }) => {
            const { from, until } = rangeOf(filters.at ?? '');
            return answer(
              api.GET('/api/v1/audit-log', {
                params: {
                  query: {
                    actor_kind: filters.actor,
                    action: filters.action,
                    subject_kind: filters.subject,
                    from: from ? format.at(from, '00:00') : undefined,
                    until: until ? format.at(shifted(until, 1), '00:00') : undefined,
                    limit,
                    cursor,
                  },
                },
              }),
            );
          },
        }}
        rowId={(one) => one.id}
        onRow={setOpen}
        empty={{ title: t('audit.none') }}
      />
      <EntryDialog entry={open} actor={open ? actorOf(open) : ''} onClose={() => setOpen(null)} />
    </>
  );
}
