Feature: Steps that extend others

  Scenario: a call is answered by an extension
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: extension-mock, version: '1.0.0' }
    use:
      extensions:
        - mock:
            extend: call
            when: $task.definition.with.endpoint.uri | startswith("http://mocked.test")
            before:
              - answer: { set: { content: { foo: bar } }, then: exit }
    do:
      - get: { call: http, with: { method: get, endpoint: { uri: 'http://mocked.test/x' } } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    content: { foo: bar }
    """

  Scenario: steps before and after leave the data as it is
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: extension-log, version: '1.0.0' }
    use:
      extensions:
        - logging:
            extend: all
            before:
              - begin: { call: http, with: { method: post, endpoint: 'http://petshop.test/echo/log', body: { at: '${ $task.reference }' } } }
            after:
              - done: { call: http, with: { method: post, endpoint: 'http://petshop.test/echo/log', body: { at: '${ $task.name }' } } }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/pets/{id}' } }
      - last: { set: { name: '${ .name }' } }
    """
    And given the workflow input is:
    """yaml
    id: 2
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    name: Rex
    """
    And begin should run before done
    And the shop should have been asked for /echo/log 4 times

  Scenario: a catalog of elsewhere is refused
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: catalog, version: '1.0.0' }
    use: { catalogs: { global: { endpoint: { uri: 'http://petshop.test/catalog' } } } }
    do:
      - log: { call: 'log:0.5.2@global', with: { message: hello } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :2:
    The catalog `global` is not supported yet.
    `call: log:0.5.2@global` is not supported yet.
    """

  Scenario: what is extended is known as it is written
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: extension-written, version: '1.0.0' }
    use:
      extensions:
        - mock:
            extend: call
            when: $task.call == "http" and ($task.with.endpoint | startswith("http://mocked.test"))
            before:
              - answer: { set: { mocked: '${ $task.with.method }' }, then: exit }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://mocked.test/x' } }
      - other:
          call: http
          with: { method: get, endpoint: { uri: 'http://petshop.test/pets/1' } }
          output: { as: '$input + { name }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    mocked: get
    name: Milou
    """

  Scenario: an error has the place of the step that is extended
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: extension-error, version: '1.0.0' }
    use:
      extensions:
        - note: { extend: call, before: [ { before: { set: { noted: true } } } ] }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/404' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 404
    instance: /do/0/get
    """
