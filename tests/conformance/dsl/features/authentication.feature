Feature: Who a call says that it is

  Scenario: basic from the input
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: basic-input, version: '1.0.0' }
    do:
      - login:
          call: http
          with:
            method: get
            endpoint:
              uri: http://petshop.test/basic/{user}/{pw}
              authentication: { basic: { username: '${ .user }', password: '${ .pw }' } }
    """
    And given the workflow input is:
    """yaml
    user: ann
    pw: secret
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    authenticated: true
    user: ann
    """

  Scenario: basic from a secret, by name
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: basic-secret, version: '1.0.0' }
    use: { secrets: [shop], authentications: { door: { basic: { use: shop } } } }
    do:
      - login: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/basic', authentication: { use: door } } } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    authenticated: true
    user: ann
    """

  Scenario: bearer from a secret, which no output repeats
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: bearer-secret, version: '1.0.0' }
    use: { secrets: [token] }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/bearer', authentication: { bearer: { token: '${ $secrets.token }' } } } } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    you: Bearer [secret]
    """

  Scenario: bearer that is refused
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: bearer-bad, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/bearer', authentication: { bearer: { token: '${ .t }' } } } } }
    """
    And given the workflow input is:
    """yaml
    t: nonsense
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/authentication
    status: 401
    """

  Scenario: digest
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: digest, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/digest', authentication: { digest: { username: ann, password: pw } } } } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    authenticated: true
    """

  Scenario: oauth2 with client credentials
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: oauth2, version: '1.0.0' }
    use: { secrets: [token] }
    do:
      - get:
          call: http
          with:
            method: get
            endpoint:
              uri: http://petshop.test/bearer
              authentication:
                oauth2:
                  authority: http://petshop.test/realm
                  grant: client_credentials
                  client: { id: me, secret: '${ $secrets.token }' }
                  scopes: [api]
          output: { as: 'keys' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [you]
    """

  Scenario: oidc finds where tokens are given
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: oidc, version: '1.0.0' }
    use: { secrets: [token] }
    do:
      - get:
          call: http
          with:
            method: get
            endpoint:
              uri: http://petshop.test/bearer
              authentication:
                oidc: { authority: 'http://petshop.test/realm', grant: client_credentials, client: { id: me, secret: '${ $secrets.token }' } }
          output: { as: 'keys' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [you]
    """

  Scenario: a secret that the document does not declare
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: secret-undeclared, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/', authentication: { bearer: { token: '${ $secrets.token }' } } } } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    `use.secrets` has no `token`.
    """

  Scenario: a secret that nobody configured
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: secret-unset, version: '1.0.0' }
    use: { secrets: [nothing] }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://petshop.test/', authentication: { basic: { use: nothing } } } } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/configuration
    status: 400
    """
