import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, tagged, type Schemas } from '@/api/client';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import type { useOpened } from '@/lib/opened';
import { socialAccountsQuery, socialContentsQuery, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { faultsFor, NETWORKS, shortOf, writtenOf } from '@/lib/social';
import { timeZonesWith } from '@/lib/zones';
import { RecordDialog, type FormField, type Values } from './record-form';
import { SocialPreview } from './social-preview';

type Schedule = Schemas['SocialSchedule'];

export const readSchedule = (id: string) =>
  tagged(api.GET('/api/v1/social/schedules/{id}', { params: { path: { id } } }));

/** Puts a content on an account at a time, or moves what is there. */
export function ScheduleDialog({
  of,
  content,
  day,
  open,
  onOpenChange,
}: {
  of?: ReturnType<typeof useOpened<Schedule>>['of'];
  content?: string;
  day?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const accounts = useQuery(socialAccountsQuery(workspaceId)).data?.items;
  const contents = useQuery(socialContentsQuery(workspaceId)).data?.items;
  const tomorrow = shifted(format.today(), 1);
  const [values, setValues] = useState<Values>({});
  const chosen = of
    ? { content: of.data.content_id, account: of.data.account_id }
    : { content: values.content ?? content, account: values.account };
  const post = contents?.find((one) => one.id === chosen.content);
  const account = accounts?.find((one) => one.id === chosen.account);
  const when: FormField[] = [
    {
      name: 'time',
      label: t('social.when'),
      kind: 'datetime-local',
      required: true,
      pointer: 'local_time',
    },
    {
      name: 'zone',
      label: t('social.zone'),
      kind: 'choice',
      options: timeZonesWith(of?.data.zone ?? workspace?.time_zone),
    },
  ];
  const choose = { value: '', label: t('campaigns.choose') };
  return (
    <RecordDialog
      open={open}
      onOpenChange={onOpenChange}
      title={of ? t('social.move') : t('social.schedule')}
      hint={t('social.scheduleHint')}
      action={of ? t('social.move') : t('social.schedule')}
      of={of}
      onValues={setValues}
      // What the network would refuse is said before anything is scheduled.
      check={(values) => {
        const post = contents?.find((one) => one.id === values.content);
        const account = accounts?.find((one) => one.id === values.account);
        if (of || !post || !account) return undefined;
        const faults = faultsFor(writtenOf(post), account.network, t, format.number);
        return { content: faults.map((fault) => fault.words).join(' ') || undefined };
      }}
      initial={{ content: content ?? '', time: `${day ?? tomorrow}T10:00`, zone: workspace?.time_zone ?? 'UTC' }}
      valuesOf={(one) => ({ time: one.local_time.slice(0, 16), zone: one.zone })}
      read={of && (() => readSchedule(of.data.id))}
      groups={[
        {
          fields: of
            ? when
            : [
                {
                  name: 'content',
                  label: t('social.content'),
                  kind: 'choice',
                  required: true,
                  pointer: 'content_id',
                  options: [choose, ...(contents ?? []).map((one) => ({ value: one.id, label: shortOf(one) }))],
                },
                {
                  name: 'account',
                  label: t('social.account'),
                  kind: 'choice',
                  required: true,
                  pointer: 'account_id',
                  options: [
                    choose,
                    ...(accounts ?? []).map((one) => ({
                      value: one.id,
                      label: `${one.name} (${NETWORKS[one.network]})`,
                    })),
                  ],
                },
                ...when,
              ],
        },
      ]}
      save={(values, _, etag) => {
        const local_time = `${values.time}:00`;
        const zone = values.zone ?? 'UTC';
        return of
          ? api.PATCH('/api/v1/social/schedules/{id}', {
              params: { path: { id: of.data.id }, header: { 'If-Match': etag } },
              body: { local_time, zone },
            })
          : api.POST('/api/v1/social/schedules', {
              body: { content_id: values.content ?? '', account_id: values.account ?? '', local_time, zone },
            });
      }}
    >
      {post && account && (
        <div className="mx-auto w-full max-w-sm">
          <SocialPreview written={writtenOf(post)} network={account.network} name={account.name} />
        </div>
      )}
    </RecordDialog>
  );
}
