import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { listOf, RecordDialog, tick, type FormGroup, type Values } from '@/components/record-form';
import { channelsQuery, useWorkspaceId } from '@/lib/queries';

export type Prompt = Schemas['Prompt'];

const USUAL = { models: 'openai/gpt-5-mini', temperature: '0.3', tokens: '500', tools: tick(true) };

export const readPrompt = (id: string) => tagged(api.GET('/api/v1/prompts/{id}', { params: { path: { id } } }));

export function promptToValues(prompt: Prompt): Values {
  return {
    name: prompt.name,
    body: prompt.body,
    models: prompt.models.join(', '),
    // The API keeps it as a short number, which prints as 0.30000001192092896.
    temperature: String(Number(prompt.temperature.toFixed(2))),
    tokens: String(prompt.max_tokens),
    tools: tick(prompt.tools),
  };
}

export function valuesToPrompt(values: Values) {
  return {
    name: values.name?.trim() ?? '',
    body: values.body ?? '',
    models: listOf(values.models),
    temperature: Number(values.temperature),
    max_tokens: Number(values.tokens),
    tools: values.tools === 'yes',
  };
}

export function promptGroups(t: (key: string) => string): FormGroup[] {
  return [
    {
      fields: [
        { name: 'name', label: t('common.name'), required: true },
        { name: 'body', label: t('prompts.body'), hint: t('prompts.bodyHint'), kind: 'area', required: true },
        { name: 'models', label: t('prompts.models'), hint: t('prompts.modelsHint'), required: true, dir: 'ltr' },
      ],
    },
    {
      beside: true,
      fields: [
        {
          name: 'temperature',
          label: t('prompts.temperature'),
          hint: t('prompts.temperatureHint'),
          kind: 'number',
          step: '0.05',
          required: true,
        },
        {
          name: 'tokens',
          label: t('prompts.tokens'),
          hint: t('prompts.tokensHint'),
          kind: 'number',
          required: true,
          pointer: 'max_tokens',
        },
      ],
    },
    { fields: [{ name: 'tools', label: t('prompts.tools'), hint: t('prompts.toolsHint'), kind: 'check' }] },
  ];
}

/** Makes a prompt, of nothing or of a copy. */
export function PromptDialog({
  open,
  onOpenChange,
  copy,
  onMade,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  copy?: Prompt;
  onMade: (prompt: Prompt) => void;
}) {
  const { t } = useTranslation();
  const channels = useQuery(channelsQuery(useWorkspaceId())).data?.items ?? [];
  return (
    <RecordDialog<Prompt>
      open={open}
      onOpenChange={onOpenChange}
      title={copy ? t('prompts.copy') : t('prompts.add')}
      hint={t('prompts.addHint')}
      initial={copy ? promptToValues(copy) : USUAL}
      groups={[
        ...promptGroups(t),
        {
          fields: [
            {
              name: 'channel',
              label: t('prompts.channel'),
              hint: t('prompts.channelHint'),
              kind: 'choice',
              pointer: 'channel_id',
              options: [
                { value: '', label: t('prompts.anyChannel') },
                ...channels.map((one) => ({ value: one.id, label: one.name })),
              ],
            },
          ],
        },
      ]}
      save={async (values) =>
        onMade(
          await answer(
            api.POST('/api/v1/prompts', {
              body: { ...valuesToPrompt(values), channel_id: values.channel || null },
            }),
          ),
        )
      }
    />
  );
}
