import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

// The rules that n8n requires of community nodes, as `n8n-node lint` of @n8n/node-cli sets them. That package also brings
// what builds and releases nodes, which we don't need.
const { recommended } = n8nCommunityNodesPlugin.configs;
const plugins = { 'n8n-nodes-base': n8nNodesBase };

export default tseslint.config(
  { ignores: ['dist', 'test', 'package-lock.json', 'eslint.config.mjs'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended, recommended] },
  { plugins },
  {
    files: ['package.json'],
    extends: [recommended],
    rules: { ...n8nNodesBase.configs.community.rules },
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
  },
  {
    files: ['credentials/**/*.ts'],
    rules: {
      ...n8nNodesBase.configs.credentials.rules,
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
      'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
    },
  },
  {
    files: ['nodes/**/*.ts'],
    rules: {
      ...n8nNodesBase.configs.nodes.rules,
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
    },
  },
);
