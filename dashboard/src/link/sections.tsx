import type { ReactNode } from 'react';
import { chooseDestination } from '../../../lambdas/redirect/destination.ts';
import { NOBODY } from '../../../lambdas/redirect/rules.ts';
import { Check, Field } from '../fields.tsx';
import type { Form } from '../use-form.ts';
import type { LinkValues } from './link-values.ts';

/** What every section gets: the form that it is a part of. */
export type SectionProps = { form: Form<LinkValues> };

type TextName = { [K in keyof LinkValues]: LinkValues[K] extends string ? K : never }[keyof LinkValues];
type FlagName = { [K in keyof LinkValues]: LinkValues[K] extends boolean ? K : never }[keyof LinkValues];
type Described = { label: string; hint?: ReactNode; rows?: number; type?: string; isRequired?: boolean };

function TextOf({ form, name, ...props }: SectionProps & Described & { name: TextName }) {
  return <Field {...props} value={form.values[name]} onChange={form.set(name)} errors={form.errors(name)} />;
}

function FlagOf({ form, name, label }: SectionProps & { name: FlagName; label: string }) {
  return <Check label={label} isSelected={form.values[name]} onChange={form.set(name)} />;
}

/** Where the link is and where it leads. */
export function DestinationSection({ form, domains }: SectionProps & { domains: string[] }) {
  return (
    <fieldset>
      <legend>Destination</legend>
      <TextOf form={form} name="url" label="Destination" type="url" isRequired />
      {domains.length > 0 && (
        <label className="field">
          Domain
          <select value={form.values.domain} onChange={({ target }) => form.set('domain')(target.value)}>
            <option value="">Default host</option>
            {domains.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <TextOf
        form={form}
        name="slug"
        label="Slug"
        hint="What comes behind the domain, such as /sale. Leave it blank to have one drawn."
      />
      <TextOf form={form} name="name" label="Name" hint="Webhooks get it; visitors never see it." />
      <TextOf form={form} name="note" label="Note" rows={2} />
    </fieldset>
  );
}

/** Where a click goes that no rule takes, with the UTM parameters; null while the destination is none. */
function resultingUrl(values: LinkValues): string | null {
  if (!URL.canParse(values.url)) return null;
  const utm = Object.entries(values).filter(([name]) => name.startsWith('utm_'));
  const set = Object.fromEntries(utm.map(([name, value]) => [name, value === '' ? null : value]));
  const link = { ...set, url: values.url, rules: [], forward_params: false };
  return chooseDestination(link as never, NOBODY, '');
}

/** Parameters that are added to the destination, and what comes of it. */
export function UtmSection({ form }: SectionProps) {
  const url = resultingUrl(form.values);
  return (
    <fieldset>
      <legend>UTM parameters</legend>
      <div className="columns">
        <TextOf form={form} name="utm_source" label="Source" />
        <TextOf form={form} name="utm_medium" label="Medium" />
        <TextOf form={form} name="utm_campaign" label="Campaign" />
        <TextOf form={form} name="utm_term" label="Term" />
        <TextOf form={form} name="utm_content" label="Content" />
      </div>
      <p>
        Resulting URL: <output>{url ?? 'not available until the destination is a full URL'}</output>
      </p>
    </fieldset>
  );
}

/** How the link shows where people talk about it. */
export function PreviewSection({ form }: SectionProps) {
  const { og_title, og_description, og_image, url } = form.values;
  return (
    <fieldset>
      <legend>Social preview</legend>
      <TextOf form={form} name="og_title" label="Title" />
      <TextOf form={form} name="og_description" label="Description" rows={2} />
      <TextOf form={form} name="og_image" label="Image" type="url" />
      <figure className="preview" aria-label="How the preview looks">
        {og_image.startsWith('https://') && <img src={og_image} alt="" />}
        <figcaption>
          <strong>{og_title || 'No title'}</strong>
          <span>{og_description}</span>
          <span className="quiet">{URL.canParse(url) ? new URL(url).host : ''}</span>
        </figcaption>
      </figure>
    </fieldset>
  );
}

/** When the link ends, and where it leads then. */
export function ExpirySection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Expiry</legend>
      <div className="columns">
        <TextOf form={form} name="expiry_datetime" label="Expires at (your time)" type="datetime-local" />
        <TextOf form={form} name="expiry_clicks" label="Expires after so many clicks" type="number" />
      </div>
      <TextOf
        form={form}
        name="expiry_destination"
        label="Destination once it has expired"
        type="url"
        hint="Left blank, visitors see that the link has expired."
      />
    </fieldset>
  );
}

/** What happens at a click. */
export function BehaviourSection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Behaviour</legend>
      <FlagOf form={form} name="enabled" label="Enabled" />
      <FlagOf form={form} name="forward_params" label="Forward the click’s parameters" />
      <FlagOf form={form} name="cloaking" label="Cloaking: keep the short link in the address bar" />
      <FlagOf form={form} name="hide_referrer" label="Hide the referrer from the destination" />
      <FlagOf form={form} name="block_bots" label="Keep bots out" />
      <FlagOf form={form} name="skip_social_crawler_tracking" label="Do not record social crawlers" />
      <FlagOf form={form} name="public_analytics" label="Public analytics" />
      <TextOf
        form={form}
        name="password"
        label="Password"
        hint="Visitors are asked for it. ******** stands for one that is set; blank is none."
      />
    </fieldset>
  );
}

/** What is loaded on the way to the destination. */
export function TagsSection({ form }: SectionProps) {
  return (
    <fieldset>
      <legend>Pixels and tags</legend>
      <div className="columns">
        <TextOf form={form} name="fb_pixel_id" label="Facebook pixel" />
        <TextOf form={form} name="ga4_tag_id" label="Google Analytics 4" />
        <TextOf form={form} name="gtm_id" label="Google Tag Manager" />
      </div>
      <TextOf form={form} name="head_tags" label="HTML for the head" rows={3} />
      <TextOf form={form} name="body_tags" label="HTML for the body" rows={3} />
    </fieldset>
  );
}
