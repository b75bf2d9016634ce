// The speed of a channel, and its secrets.

import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { RecordDialog, type FormField } from '@/components/record-form';
import { askProvider, type Channel } from './channel-health';

interface Opened {
  channel: Channel;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RateDialog({ channel, ...opened }: Opened) {
  const { t } = useTranslation();
  return (
    <RecordDialog
      {...opened}
      title={t('channels.rateChange')}
      hint={t(`channels.rateHints.${channel.kind}`)}
      initial={{
        per_second: channel.rate == null ? '' : String(channel.rate),
        burst: channel.burst == null ? '' : String(channel.burst),
      }}
      groups={[
        {
          fields: [
            { name: 'per_second', label: t('channels.rateField'), kind: 'number', step: 'any', required: true },
            {
              name: 'burst',
              label: t('channels.burst'),
              hint: t('channels.burstHint'),
              kind: 'number',
              required: true,
            },
          ],
        },
      ]}
      check={({ burst }) => (/^\d{1,9}$/.test(burst ?? '') ? undefined : { burst: t('channels.burstRule') })}
      save={(values) =>
        api.PUT('/api/v1/channels/{id}/rate', {
          params: { path: { id: channel.id } },
          body: { per_second: Number(values.per_second), burst: Number(values.burst) },
        })
      }
    />
  );
}

/** The fields of a channel's secrets. */
export function useSecretFields(kind: string, isNew: boolean): FormField[] {
  const { t } = useTranslation();
  const secret = (name: string, label: string, hint: string, required: boolean): FormField => ({
    name,
    label,
    hint,
    required,
    kind: 'password',
    dir: 'ltr',
    autoComplete: 'new-password',
  });
  if (kind !== 'whatsapp') return [secret('token', t('channels.greenToken'), t('channels.greenTokenHint'), true)];
  return [
    secret('token', t('channels.metaToken'), t('channels.metaTokenHint'), true),
    secret(
      'app_secret',
      t('channels.appSecret'),
      t(isNew ? 'channels.appSecretHint' : 'channels.appSecretStays'),
      false,
    ),
  ];
}

export function secretsOf({ token, app_secret }: Record<string, string>) {
  return { token: token?.trim() ?? '', ...(app_secret?.trim() && { app_secret: app_secret.trim() }) };
}

export function TokenDialog({ channel, ...opened }: Opened) {
  const { t } = useTranslation();
  return (
    <RecordDialog
      {...opened}
      title={t('channels.rotate')}
      hint={t('channels.rotateHint')}
      done={t('channels.rotated')}
      groups={[{ fields: useSecretFields(channel.kind, false) }]}
      save={async (values) => {
        await answer(
          api.POST('/api/v1/channels/{id}/rotate-token', {
            params: { path: { id: channel.id } },
            body: secretsOf(values),
          }),
        );
        await askProvider(channel.id);
      }}
    />
  );
}
