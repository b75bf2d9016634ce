import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { membersQuery, sameId, useWorkspaceId } from '@/lib/queries';
import { rangeOf } from '@/lib/table';

type Entry = Schemas['AuditRecord'];

const ACTORS = ['member', 'api_key', 'customer', 'operator', 'system'] as const;

/** The fields that differ, each with its value before and after. */
function changesOf(entry: Entry) {
  const before = (entry.before ?? {}) as Record<string, unknown>;
  const after = (entry.after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: before[field], after: after[field] }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
}

function shown(value: unknown) {
  if (value == null) return '–';
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}

export function Audit() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const members = useQuery(membersQuery(workspace)).data?.items;
  const [open, setOpen] = useState<Entry | null>(null);
  const columns = useMemo<Column<Entry>[]>(() => {
    const actorOf = (one: Entry) =>
      members?.find((member) => sameId(member.id, one.actor_id))?.name ?? t(`audit.actors.${one.actor_kind}`);
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
        value: (one) => one.action,
        filter: { kind: 'text', server: true },
        cell: (one) => <bdi dir="ltr">{one.action}</bdi>,
      },
      {
        id: 'subject',
        header: t('audit.subject'),
        value: (one) => one.subject_kind,
        filter: { kind: 'text', server: true },
        cell: (one) => one.subject_kind.replaceAll('_', ' '),
      },
      {
        id: 'address',
        header: t('audit.address'),
        value: (one) => one.address,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.address ?? '–'}</bdi>,
      },
    ];
  }, [t, format, members]);
  const changes = open ? changesOf(open) : [];
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
                    subject_kind: filters.subject?.trim().replaceAll(' ', '_'),
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
      <Dialog open={open !== null} onOpenChange={(on) => !on && setOpen(null)}>
        {open && (
          <DialogContent aria-describedby="" className="sm:max-w-2xl">
            <DialogTitle>
              <bdi dir="ltr">{open.action}</bdi>
            </DialogTitle>
            <Facts>
              <Fact label={t('audit.at')}>{format.moment(open.at)}</Fact>
              <Fact label={t('audit.actor')}>{t(`audit.actors.${open.actor_kind}`)}</Fact>
              <Fact label={t('audit.address')}>{open.address ?? '–'}</Fact>
              <Fact label={t('audit.subject')}>
                <bdi dir="ltr">
                  {open.subject_kind} {open.subject_id}
                </bdi>
              </Fact>
              <Fact label={t('audit.request')}>
                <bdi dir="ltr" className="break-all">
                  {open.request_id ?? '–'}
                </bdi>
              </Fact>
            </Facts>
            {changes.length > 0 && (
              <table className="w-full table-fixed text-sm">
                <thead>
                  <tr className="text-xs text-muted-foreground">
                    <th className="py-1 text-start font-medium">{t('conflict.field')}</th>
                    <th className="py-1 text-start font-medium">{t('audit.before')}</th>
                    <th className="py-1 text-start font-medium">{t('audit.after')}</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map((one) => (
                    <tr key={one.field} className="border-t align-top">
                      <th scope="row" className="py-1 pe-2 text-start font-medium break-words">
                        {one.field}
                      </th>
                      <td className="py-1 pe-2 break-all whitespace-pre-wrap">
                        <bdi>{shown(one.before)}</bdi>
                      </td>
                      <td className="py-1 break-all whitespace-pre-wrap">
                        <bdi>{shown(one.after)}</bdi>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}
