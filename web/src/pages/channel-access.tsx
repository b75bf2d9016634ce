// What the provider gives: the number or instance, and its token. Kazi asks the provider at once, so that a wrong token is
// told where it stands.

import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, asItIs } from '@/api/client';
import { RecordForm, type Values } from '@/components/record-form';
import { useWorkspaceId } from '@/lib/queries';
import { Guide } from './channel-guide';
import { askProvider, readChannel, type Channel } from './channel-health';
import { secretsOf, useSecretFields } from './channel-change';

/** A refusal of one field, like the API's own. */
function refusedAt(pointer: string, detail: string) {
  return new ApiError(422, {
    type: '',
    title: detail,
    status: 422,
    code: 'invalid',
    errors: [{ pointer, detail, code: 'refused' }],
  });
}

/** Meta says this of a number that the token does not see. */
const NO_SUCH_NUMBER = /does not exist|\b100\b/;

export function Access({
  kind,
  of,
  onBack,
  onDone,
}: {
  kind: string;
  /** The channel, if an earlier try has made it. */
  of?: Channel;
  onBack?: () => void;
  onDone: (channel: Channel) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const made = useRef(of);
  const isWhatsApp = kind === 'whatsapp';
  const provider = isWhatsApp ? 'Meta' : 'Green API';

  const connect = async (values: Values) => {
    const name = values.name?.trim() ?? '';
    const external_id = values.external_id?.trim() ?? '';
    const account_id = values.account_id?.trim() || null;
    const before = made.current;
    if (before && before.external_id === external_id && (before.account_id ?? null) === account_id) {
      const params = { path: { id: before.id } };
      if (before.name !== name)
        await api.PATCH('/api/v1/channels/{id}', { params: await asItIs(readChannel, before.id), body: { name } });
      return answer(api.POST('/api/v1/channels/{id}/rotate-token', { params, body: secretsOf(values) }));
    }
    const body = {
      kind: isWhatsApp ? ('whatsapp' as const) : ('greenapi' as const),
      name,
      external_id,
      ...(isWhatsApp && { account_id }),
      ...secretsOf(values),
    };
    const next = await answer(api.POST('/api/v1/channels', { body })).catch((error: unknown) => {
      const isTaken = error instanceof ApiError && error.problem?.code === 'channel_taken';
      throw isTaken ? refusedAt('/external_id', t('channels.taken')) : error;
    });
    made.current = next;
    // The number of a channel never changes: another number is another channel. Only when it is there, the old one goes. The
    // same number with another account is the same channel.
    if (before && before.id !== next.id)
      await api.DELETE('/api/v1/channels/{id}', { params: await asItIs(readChannel, before.id) });
    return next;
  };

  const save = async (values: Values) => {
    made.current = await connect(values);
    const checked = await askProvider(made.current.id);
    made.current = checked;
    // The channel is in the list, whatever the provider says.
    await queries.invalidateQueries({ queryKey: [workspace] });
    if (checked.check_state === 'refused') {
      const detail = checked.check_detail ?? '';
      const pointer = isWhatsApp && NO_SUCH_NUMBER.test(detail) ? '/external_id' : '/token';
      throw refusedAt(pointer, t('channels.refusedWith', { provider, detail }));
    }
    onDone(checked);
  };

  return (
    <div className="grid gap-6">
      <h2 className="font-semibold">{t('channels.accessTitle', { provider })}</h2>
      <Guide kind={kind} part="access" />
      {of?.check_state === 'refused' && (
        <p role="alert" className="text-sm text-destructive-text">
          {t('channels.refusedWith', { provider, detail: of.check_detail })}
        </p>
      )}
      <RecordForm
        initial={{
          name: of?.name ?? '',
          external_id: of?.external_id ?? '',
          account_id: of?.account_id ?? '',
        }}
        groups={[
          {
            fields: [
              { name: 'name', label: t('common.name'), hint: t('channels.nameHint'), required: true },
              {
                name: 'external_id',
                label: t(isWhatsApp ? 'channels.numberId' : 'channels.instanceId'),
                hint: t(isWhatsApp ? 'channels.numberIdHint' : 'channels.instanceIdHint'),
                required: true,
                dir: 'ltr',
              },
              ...(isWhatsApp
                ? [
                    {
                      name: 'account_id',
                      label: t('channels.account'),
                      hint: t('channels.accountHint'),
                      required: true,
                      dir: 'ltr' as const,
                    },
                  ]
                : []),
              ...useSecretFields(kind, !of),
            ],
          },
        ]}
        action={t('channels.connectNow')}
        done=""
        save={save}
        // `save` has led on. Without this the form would keep what was written.
        onDone={() => undefined}
        onCancel={onBack}
      />
    </div>
  );
}
