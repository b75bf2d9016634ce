import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { contentOf, EMPTY_WORDS, fillingOf, wordsOf, type Wants, type Words } from '@/lib/campaign-words';
import { useFormat } from '@/lib/format';
import { channelsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';
import { versionFor, wantsOf } from '@/lib/template';
import { Field } from './field';
import { TemplatePreview } from './template-preview';
import { TemplateValues } from './template-values';
import { NativeSelect, Textarea } from './ui/input';

type Sending = Extract<Schemas['AutomationAction'], { kind: 'send' }>;

/** No tracked links: these belong to campaigns. */
function wantsIn(template: Schemas['Template'] | undefined): Wants {
  const wants = wantsOf(template);
  const untracked = (urls: Wants['urls']) => urls.map((one) => ({ ...one, tracked: false }));
  return {
    ...wants,
    urls: untracked(wants.urls),
    cards: wants.cards.map((card) => ({ ...card, urls: untracked(card.urls) })),
  };
}

/** The channel and the template of a message, and how the message looks on a phone. */
export function TemplateContent({
  value,
  subject,
  onChange,
}: {
  value: Sending;
  subject: readonly string[];
  onChange: (value: Sending) => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const channels = useQuery(channelsQuery(workspace)).data?.items.filter((one) => one.kind === 'whatsapp');
  const templates = useQuery(templatesQuery(workspace)).data?.items;
  const channel = channels?.find((one) => one.id === value.channel_id);
  const usable =
    templates?.filter(
      (one) => one.status === 'approved' && one.category !== 'authentication' && one.account_id === channel?.account_id,
    ) ?? [];
  const { content } = value;
  const channelField = (
    <Field label={t('campaigns.channel')}>
      <NativeSelect
        value={value.channel_id}
        onChange={(event) =>
          onChange({
            ...value,
            channel_id: event.target.value,
            content: content.kind === 'text' ? content : { kind: 'template', name: '' },
          })
        }
      >
        <option value="">{t('campaigns.choose')}</option>
        {channels?.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} {one.display_phone}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
  if (content.kind === 'text')
    return (
      <div className="grid gap-4">
        {channelField}
        <Field label={t('automations.text')} hint={t('automations.textHint')}>
          <Textarea
            dir="auto"
            value={content.text}
            onChange={(event) => onChange({ ...value, content: { ...content, text: event.target.value } })}
          />
        </Field>
      </div>
    );
  const version = (name: string) =>
    versionFor(
      usable.filter((one) => one.name === name),
      i18n.language,
    );
  const template = version(content.name);
  const wants = wantsIn(template);
  const words = wordsOf(content);
  const fill = (next: Words, what: Wants) => onChange({ ...value, content: contentOf(next, what) });
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid gap-4">
        {channelField}
        <Field label={t('campaigns.template')} hint={t('automations.templateHint')}>
          <NativeSelect
            disabled={!channel}
            value={content.name}
            onChange={({ target }) => fill({ ...EMPTY_WORDS, template: target.value }, wantsIn(version(target.value)))}
          >
            <option value="">{t('campaigns.choose')}</option>
            {[...new Set([...usable.map((one) => one.name), ...(content.name ? [content.name] : [])])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <TemplateValues
          words={words}
          wants={wants}
          faults={{}}
          subject={subject}
          onChange={(patch) => fill({ ...words, ...patch }, wants)}
        />
      </div>
      {template ? (
        <TemplatePreview template={template} filling={fillingOf(words, wants, t, format.moment)} />
      ) : (
        <p className="text-sm text-muted-foreground">{t('campaigns.previewNone')}</p>
      )}
    </div>
  );
}
