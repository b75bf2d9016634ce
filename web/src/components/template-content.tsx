import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { channelsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';
import { parameterOf, placeOf, previewOf, versionFor, wantsOf } from '@/lib/template';
import { Field } from './field';
import { FileAddress } from './file-address';
import { PlaceFields } from './place-fields';
import { TemplatePreview } from './template-preview';
import { Input, NativeSelect, Textarea } from './ui/input';

type Sending = Extract<Schemas['AutomationAction'], { kind: 'send' }>;
type OfTemplate = Extract<Schemas['CampaignContent'], { kind: 'template' }>;

/** The channel and the template of a message, and how the message looks on a phone. */
/** What an automation has no fields for. */
function isFillable(template: Schemas['Template']) {
  const { location, ends, coupons, cards } = wantsOf(template);
  return !location && !ends && !coupons.length && !cards.length;
}

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
  const workspace = useWorkspaceId();
  const channels = useQuery(channelsQuery(workspace)).data?.items.filter((one) => one.kind === 'whatsapp');
  const templates = useQuery(templatesQuery(workspace)).data?.items;
  const channel = channels?.find((one) => one.id === value.channel_id);
  const usable =
    templates?.filter(
      (one) =>
        one.status === 'approved' &&
        one.category !== 'authentication' &&
        one.account_id === channel?.account_id &&
        isFillable(one),
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
  const wants = wantsOf(template);
  const parameters = content.parameters ?? [];
  const put = (patch: Partial<OfTemplate>) => onChange({ ...value, content: { ...content, ...patch } });
  const choose = (name: string) => {
    const { names, title, link, urls } = wantsOf(version(name));
    const first = parameterOf({ from: 'first_name', text: '' });
    onChange({
      ...value,
      content: {
        kind: 'template',
        name,
        parameters: Array.from({ length: names.length }, () => first),
        ...(link && { header: { link: '' } }),
        ...(title && { header: { text: first } }),
        ...(urls.length && { buttons: urls.map(({ index }) => ({ url: { index, value: { text: '' } } })) }),
      },
    });
  };
  const urlOf = (index: number) => {
    const button = content.buttons?.find((one) => 'url' in one && one.url.index === index);
    return button && 'url' in button && 'text' in button.url.value ? button.url.value.text : '';
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid gap-4">
        {channelField}
        <Field label={t('campaigns.template')} hint={t('automations.templateHint')}>
          <NativeSelect disabled={!channel} value={content.name} onChange={(event) => choose(event.target.value)}>
            <option value="">{t('campaigns.choose')}</option>
            {[...new Set([...usable.map((one) => one.name), ...(content.name ? [content.name] : [])])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {wants.link && (
          <FileAddress
            kind={wants.link}
            value={content.header && 'link' in content.header ? content.header.link : ''}
            onChange={(link) => put({ header: { link } })}
          />
        )}
        {wants.title && content.header && 'text' in content.header && (
          <PlaceFields
            place={placeOf(content.header.text)}
            label={t('campaigns.headerText')}
            subject={subject}
            onChange={(patch) =>
              content.header &&
              'text' in content.header &&
              put({ header: { text: parameterOf({ ...placeOf(content.header.text), ...patch }) } })
            }
          />
        )}
        {parameters.map((parameter, index) => (
          <PlaceFields
            key={index}
            place={placeOf(parameter)}
            label={`{{${wants.names[index] ?? index + 1}}}`}
            subject={subject}
            onChange={(patch) =>
              put({ parameters: parameters.with(index, parameterOf({ ...placeOf(parameter), ...patch })) })
            }
          />
        ))}
        {wants.urls.map(({ index, label }) => (
          <Field key={index} label={t('campaigns.buttonUrl', { button: label })}>
            <Input
              dir="ltr"
              value={urlOf(index)}
              onChange={(event) =>
                put({
                  buttons: [
                    ...(content.buttons ?? []).filter((one) => !('url' in one && one.url.index === index)),
                    { url: { index, value: { text: event.target.value } } },
                  ],
                })
              }
            />
          </Field>
        ))}
      </div>
      {template ? (
        <TemplatePreview template={template} filling={{ values: parameters.map((one) => previewOf(one, t)) }} />
      ) : (
        <p className="text-sm text-muted-foreground">{t('campaigns.previewNone')}</p>
      )}
    </div>
  );
}
