using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>Runs the queries of a server's pages, for as long as the server lives. Thread-safe.</summary>
internal sealed class QueryService
{
    private readonly Engine _engine;

    public QueryService(SqlSession session, Engine engine)
    {
        Session = session;
        _engine = engine;
        Cache = new ResultCache(engine);
    }

    public SqlSession Session { get; }

    public ResultCache Cache { get; }

    /// <summary>The rows of an analysed statement.</summary>
    /// <param name="normalised">The statement and those that it builds on, without comments.</param>
    /// <param name="statement">The statement, not yet run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<QueryRows> RunAsync(
        string normalised, StatementResult statement, CancellationToken cancellationToken) => Cache.GetAsync(
            KeyOf(normalised, statement),
            token => QueryRows.ReadAsync(statement.Schema, statement.Batches, _engine.Limits.ResultMemory, token),
            cancellationToken);

    // No function of Polder's SQL asks a clock or a die: text, parameters and contents decide the result.
    private static string KeyOf(string normalised, StatementResult statement)
    {
        StringBuilder key = new(normalised);
        foreach ((string name, Literal value) in statement.UsedParameters.OrderBy(pair => pair.Key))
        {
            string text = TextOf(value.Value);
            key.Append(CultureInfo.InvariantCulture, $"\n:{name} {value.Type} {text.Length} {text}");
        }

        foreach (TableVersion table in statement.Tables)
        {
            key.Append(CultureInfo.InvariantCulture, $"\n{table.Location} {table.ContentKey}");
        }

        return key.ToString();
    }

    private static string TextOf(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => System.Convert.ToHexString(bytes),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        System.IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "'" + value,
    };
}
