using System;
using System.Collections.Generic;
using System.Text;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>
/// The SQL of a fence where <c>${other}</c> has become a name that the statement may read. The fences of a page share
/// one count of characters, so that the place of an error says which fence it is in.
/// </summary>
internal sealed class FenceText
{
    private FenceText(SqlFence fence, SqlStatement statement, IReadOnlyList<FenceReference> references)
    {
        Fence = fence;
        Statement = statement;
        References = references;
    }

    /// <summary>The fence.</summary>
    public SqlFence Fence { get; }

    /// <summary>The statement; its script is blank before the fence.</summary>
    public SqlStatement Statement { get; }

    /// <summary>The fences that it builds on, in the order in which they are named.</summary>
    public IReadOnlyList<FenceReference> References { get; }

    /// <summary>Why the text cannot be read; null where it can.</summary>
    public QueryException? Failure { get; private init; }

    /// <summary>The statement without comments and with one space between its words: part of a result's key.</summary>
    public string Normalised { get; private init; } = "";

    /// <summary>The name in statements of what a fence yields; no table's name begins so.</summary>
    public static string NameOf(string fence) => "$" + fence;

    /// <summary>The texts of a page's fences, in their order.</summary>
    public static IReadOnlyList<FenceText> ReadAll(IReadOnlyList<SqlFence> fences)
    {
        List<FenceText> texts = [];
        StringBuilder script = new("\n");
        foreach (SqlFence fence in fences)
        {
            // A place is of one fence only: what other fences say before it is blank, and as long as it was.
            int start = script.Length;
            List<FenceReference> references = [];
            (string sql, QueryException? failure) = Replace(fence.Sql, start, references);
            string whole = script.ToString() + sql;
            texts.Add(new FenceText(
                fence, new SqlStatement(whole, TextSpan.FromBounds(start, whole.Length)), references)
            {
                Normalised = Normalise(sql),
                Failure = failure,
            });
            script.Append(' ', sql.Length).Append('\n');
        }

        return texts;
    }

    private static string Normalise(string sql)
    {
        try
        {
            StringBuilder normal = new();
            foreach (Token token in Tokenizer.Tokenize(sql))
            {
                normal.Append(sql, token.Span.Start, token.Span.Length).Append(' ');
            }

            return normal.ToString();
        }
        catch (QueryException)
        {
            // It will be refused; nothing is kept of it.
            return sql;
        }
    }

    // ${name} becomes `$name`, which is as long: no place moves.
    private static (string Sql, QueryException? Failure) Replace(
        string sql, int offset, List<FenceReference> references)
    {
        char[] text = sql.ToCharArray();
        int at = 0;
        while (at < sql.Length)
        {
            int next = Skip(sql, at);
            if (next == at && sql[at] == '$' && at + 1 < sql.Length && sql[at + 1] == '{')
            {
                int end = sql.IndexOf('}', at);
                if (end < 0 || sql.AsSpan(at, end - at).ContainsAny('\n', '`'))
                {
                    return (sql, new QueryException(
                        "PARSE_SYNTAX_ERROR",
                        "42601",
                        "${ without a } on its line: write ${name} of another fence",
                        span: new TextSpan(offset + at, 2)));
                }

                references.Add(new FenceReference(
                    sql[(at + 2)..end], TextSpan.FromBounds(offset + at, offset + end + 1)));
                text[at] = '`';
                text[at + 1] = '$';
                text[end] = '`';
                next = end + 1;
            }

            at = next == at ? at + 1 : next;
        }

        return (new string(text), null);
    }

    /// <summary>The end of a comment or a quoted text that begins here; the place itself where none does.</summary>
    private static int Skip(string sql, int at)
    {
        string rest = sql[at..int.Min(sql.Length, at + 2)];
        if (rest is "--" or "/*")
        {
            int close = sql.IndexOf(rest == "--" ? "\n" : "*/", at + 2, StringComparison.Ordinal);
            return close < 0 ? sql.Length : close + (rest == "--" ? 1 : 2);
        }

        char quote = sql[at];
        if (quote is not ('\'' or '"' or '`'))
        {
            return at;
        }

        int end = at + 1;
        while (end < sql.Length && sql[end] != quote)
        {
            end += sql[end] == '\\' && quote != '`' ? 2 : 1;
        }

        return int.Min(end + 1, sql.Length);
    }
}

/// <summary>A fence that another one names.</summary>
/// <param name="Name">The name in <c>${…}</c>.</param>
/// <param name="Span">Where it stands, in the page's script.</param>
internal sealed record FenceReference(string Name, TextSpan Span);
