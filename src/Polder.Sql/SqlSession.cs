using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Polder.Sql.Analysis;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;
using Polder.Sql.Tables;

namespace Polder.Sql;

/// <summary>
/// Runs Spark SQL over Delta tables: tables by name in a warehouse folder, or by path as delta.`path`. Every table is
/// read at one version for as long as a statement runs. Thread-safe.
/// </summary>
public sealed class SqlSession
{
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
    public async IAsyncEnumerable<StatementResult> ExecuteAsync(
        string script, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (SqlStatement statement in SqlStatement.Split(script))
        {
            yield return await ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs one statement; a second one is an error.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="QueryException">The statement is refused; nothing of it has run.</exception>
    public Task<StatementResult> QueryAsync(string sql, CancellationToken cancellationToken = default) =>
        RunAsync(new SqlStatement(sql, new TextSpan(0, sql.Length)), StatementParser.ParseOne(sql), cancellationToken);

    /// <summary>Runs one statement of a script.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="QueryException">The statement is refused; nothing of it has run.</exception>
    public Task<StatementResult> ExecuteAsync(SqlStatement statement, CancellationToken cancellationToken = default) =>
        RunAsync(statement, StatementParser.ParseAt(statement.Script, statement.Span), cancellationToken);

    /// <summary>The operators that would run a statement.</summary>
    internal async Task<PlanNode> PlanAsync(string sql, CancellationToken cancellationToken = default) =>
        Plan(await AnalyzeAsync(StatementParser.ParseOne(sql), cancellationToken).ConfigureAwait(false));

    /// <summary>The plan of a statement as it is written, before any rule.</summary>
    internal Task<LogicalPlan> AnalyzeAsync(string sql, CancellationToken cancellationToken = default) =>
        AnalyzeAsync(StatementParser.ParseOne(sql), cancellationToken);

    private async Task<StatementResult> RunAsync(
        SqlStatement statement, StatementSyntax syntax, CancellationToken cancellationToken)
    {
        LogicalPlan plan = await AnalyzeAsync(syntax, cancellationToken).ConfigureAwait(false);
        return new StatementResult(
            statement, SchemaOf(plan), Query.ExecuteAsync(Plan(plan), _engine, cancellationToken));
    }

    private async Task<LogicalPlan> AnalyzeAsync(StatementSyntax syntax, CancellationToken cancellationToken)
    {
        QueryStatement statement = (QueryStatement)syntax;
        StatementContext context = new(
            await _tables.ResolveAsync(statement.Tables, cancellationToken).ConfigureAwait(false));
        return new QueryAnalyzer(context, NamedQueries.None).Analyze(statement.Query);
    }

    private PlanNode Plan(LogicalPlan plan) => PhysicalPlanner.Create(Optimizer.Optimize(plan, Rules));

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
