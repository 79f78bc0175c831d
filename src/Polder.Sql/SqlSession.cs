using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Analysis;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;
using Polder.Sql.Tables;

namespace Polder.Sql;

/// <summary>
/// Runs Spark SQL over Delta tables: tables by name in a warehouse folder, or by path as delta.`path`. Every table is
/// read at one version for as long as a statement runs. A session keeps the tables that it read last, so that the next
/// statement looks only for newer commits: one session for a process is best. Thread-safe.
/// </summary>
public sealed class SqlSession
{
    private static readonly SqlQueryOptions NoOptions = new();

    private readonly Engine _engine;
    private readonly TableCatalog _tables;

    /// <summary>Makes a session.</summary>
    public SqlSession(SqlSessionOptions? options = null)
    {
        options ??= new SqlSessionOptions();
        _engine = options.Engine ?? Engine.Default;
        _tables = new TableCatalog(_engine, options);
    }

    /// <summary>The rules that plans go through; tests leave some out.</summary>
    internal OptimizerRules Rules { get; init; } = OptimizerRules.All;

    /// <summary>Gives rows a name that statements of this session can read them by; it hides a table's.</summary>
    public void Register(string name, IBatchSource source) => _tables.Register(name, source);

    /// <summary>Runs the statements of a script one after the other, until one fails.</summary>
    /// <param name="script">Statements with semicolons between them.</param>
    /// <param name="cancellationToken">Cancels the statement that runs.</param>
    /// <exception cref="QueryException">
    /// A statement is refused: not Spark SQL, wrong in meaning, or not supported yet. Nothing of it has run.
    /// </exception>
    public IAsyncEnumerable<StatementResult> ExecuteAsync(
        string script, CancellationToken cancellationToken = default) =>
        ExecuteAsync(script, NoOptions, cancellationToken);

    /// <summary>As the other, with parameters and versions.</summary>
    /// <inheritdoc cref="ExecuteAsync(string, CancellationToken)"/>
    /// <param name="script">Statements with semicolons between them.</param>
    /// <param name="options">What each of them is run with.</param>
    /// <param name="cancellationToken">Cancels the statement that runs.</param>
    public async IAsyncEnumerable<StatementResult> ExecuteAsync(
        string script,
        SqlQueryOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (SqlStatement statement in SqlStatement.Split(script))
        {
            yield return await ExecuteAsync(statement, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs one statement; a second one is an error.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="QueryException">The statement is refused; nothing of it has run.</exception>
    public Task<StatementResult> QueryAsync(string sql, CancellationToken cancellationToken = default) =>
        QueryAsync(sql, NoOptions, cancellationToken);

    /// <summary>As the other, with parameters and versions.</summary>
    /// <inheritdoc cref="QueryAsync(string, CancellationToken)"/>
    /// <param name="sql">The statement.</param>
    /// <param name="options">What it is run with.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<StatementResult> QueryAsync(
        string sql, SqlQueryOptions options, CancellationToken cancellationToken = default)
    {
        ParameterValues parameters = new(options.Parameters);
        return RunAsync(
            new SqlStatement(sql, new TextSpan(0, sql.Length)),
            StatementParser.ParseOne(sql, parameters),
            parameters,
            options,
            cancellationToken,
            cancellationToken);
    }

    /// <summary>Runs one statement of a script.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="QueryException">The statement is refused; nothing of it has run.</exception>
    public Task<StatementResult> ExecuteAsync(SqlStatement statement, CancellationToken cancellationToken = default) =>
        ExecuteAsync(statement, NoOptions, cancellationToken);

    /// <summary>As the other, with parameters and versions.</summary>
    /// <inheritdoc cref="ExecuteAsync(SqlStatement, CancellationToken)"/>
    /// <param name="statement">The statement.</param>
    /// <param name="options">What it is run with.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<StatementResult> ExecuteAsync(
        SqlStatement statement, SqlQueryOptions options, CancellationToken cancellationToken = default)
    {
        ParameterValues parameters = new(options.Parameters);
        return RunAsync(
            statement,
            StatementParser.ParseAt(statement.Script, statement.Span, parameters),
            parameters,
            options,
            cancellationToken,
            cancellationToken);
    }

    /// <summary>
    /// A statement that is analysed and has pinned its tables; reading its rows runs it, and has a token of its own.
    /// </summary>
    internal Task<StatementResult> PrepareAsync(
        SqlStatement statement, SqlQueryOptions options, CancellationToken cancellationToken)
    {
        ParameterValues parameters = new(options.Parameters);
        return RunAsync(
            statement,
            StatementParser.ParseAt(statement.Script, statement.Span, parameters),
            parameters,
            options,
            cancellationToken,
            CancellationToken.None);
    }

    /// <summary>The operators that would run a statement.</summary>
    internal async Task<PlanNode> PlanAsync(string sql, CancellationToken cancellationToken = default) =>
        Plan(await AnalyzeAsync(sql, cancellationToken).ConfigureAwait(false));

    /// <summary>The plan of a statement as it is written, before any rule.</summary>
    internal async Task<LogicalPlan> AnalyzeAsync(string sql, CancellationToken cancellationToken = default) =>
        (await AnalyzeAsync(StatementParser.ParseOne(sql), [], NoOptions, cancellationToken)
            .ConfigureAwait(false)).Plan;

    private async Task<StatementResult> RunAsync(
        SqlStatement statement,
        StatementSyntax syntax,
        ParameterValues parameters,
        SqlQueryOptions options,
        CancellationToken cancellationToken,
        CancellationToken runToken)
    {
        List<NamedQuery> named = [.. options.Named.Select(item => new NamedQuery(
            item.Name,
            (QueryStatement)StatementParser.ParseAt(item.Statement.Script, item.Statement.Span, parameters)))];
        (LogicalPlan plan, IReadOnlyList<TableVersion> tables) =
            await AnalyzeAsync(syntax, named, options, cancellationToken).ConfigureAwait(false);
        return new StatementResult(
            statement, SchemaOf(plan), Query.ExecuteAsync(Plan(plan), _engine, runToken))
        {
            Tables = tables,
            UsedParameters = parameters.Used,
        };
    }

    private async Task<(LogicalPlan Plan, IReadOnlyList<TableVersion> Tables)> AnalyzeAsync(
        StatementSyntax syntax, List<NamedQuery> named, SqlQueryOptions options, CancellationToken cancellationToken)
    {
        QueryStatement statement = (QueryStatement)syntax;
        IEnumerable<TableSyntax> names = named.SelectMany(item => item.Statement.Tables).Concat(statement.Tables)
            .Where(table => !named.Exists(item => table.Name is [string name] && name == item.Name));
        StatementContext context = new(await _tables.ResolveAsync(
            [.. names], options.Rows, options.Tables ?? new PinnedTables(), cancellationToken).ConfigureAwait(false));
        NamedQueries visible = NamedQueries.None.With(
            [.. named.Select(item => new NamedQuerySyntax(
                item.Name, [], item.Statement.Query, item.Statement.Span))],
            null);
        LogicalPlan plan = new QueryAnalyzer(context, visible).Analyze(statement.Query);
        return (plan, context.Versions);
    }

    private PlanNode Plan(LogicalPlan plan) => PhysicalPlanner.Create(Optimizer.Optimize(plan, Rules));

    private sealed record NamedQuery(string Name, QueryStatement Statement);

    private static DataType SchemaOf(LogicalPlan plan)
    {
        List<StructField> fields = [];
        foreach (LogicalColumn column in plan.Output)
        {
            fields.Add(new StructField(column.Name, column.Type, column.Nullable));
        }

        return DataType.Struct(fields);
    }
}
