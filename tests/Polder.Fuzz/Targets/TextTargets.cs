using System;
using System.Collections.Generic;
using System.Text;
using Polder.Columns;
using Polder.Expressions;
using Polder.Fuzz.Forge;
using Polder.Sql.Parsing;

namespace Polder.Fuzz.Targets;

/// <summary>An expression: parsed, analysed, its constants folded.</summary>
internal sealed class ExpressionTarget() : FuzzTarget("expression")
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("a", DataType.Integer),
        new StructField("b", DataType.String),
        new StructField("c", DataType.Decimal(10, 2)),
        new StructField("d", DataType.Timestamp),
        new StructField("l", DataType.Array(DataType.Long, true)));

    public override bool IsAnswer(Exception exception) => exception is QueryException || base.IsAnswer(exception);

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string text in (string[])
            [
                "a > 3 AND b LIKE 'x%'", "c * 2.5 / a IS NOT NULL", "d >= TIMESTAMP '2024-01-01 00:00:00'",
                "CASE WHEN a IN (1, 2) THEN true ELSE b = 'y' END", "coalesce(a, 0) = abs(-3)", "l[0] = 5L",
                "b RLIKE '^a.*' OR substr(b, 1, 2) = 'zz'", "CAST('12' AS INT) + a % 3 <> 0",
                "date_add(DATE '2024-01-31', 1) < current_date()", "`a` BETWEEN 1e3 AND 0x10",
                "repeat('ab', 3) = concat(b, '-')", "INTERVAL '1' DAY + d > d", "exists(l, x -> x > 1)",
            ])
        {
            yield return Encoding.UTF8.GetBytes(text);
        }
    }

    public override void Run(ReadOnlySpan<byte> input) =>
        ExpressionAnalyzer.AnalyzeCondition(TableLog.Text(input), Schema);
}

/// <summary>A script of SQL statements, parsed.</summary>
internal sealed class SqlTarget() : FuzzTarget("sql")
{
    public override bool IsAnswer(Exception exception) => exception is QueryException || base.IsAnswer(exception);

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string text in (string[])
            [
                "SELECT a, count(*) AS n FROM t WHERE b > 1 GROUP BY a HAVING n > 2 ORDER BY 1 DESC NULLS LAST LIMIT 5",
                "WITH x AS (SELECT 1 AS a) SELECT * FROM x JOIN y USING (a) LEFT JOIN z ON z.a = x.a; SELECT 2",
                "SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
                "(SELECT 1 UNION ALL SELECT 2) EXCEPT SELECT * FROM VALUES (1), (2) AS v(a)",
                "SELECT * FROM delta.`/a/b` VERSION AS OF 3 -- comment\n WHERE EXISTS (SELECT 1 FROM u)",
                "SELECT a, b FROM t GROUP BY GROUPING SETS ((a), (a, b), ()) /* comment */",
            ])
        {
            yield return Encoding.UTF8.GetBytes(text);
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        StatementParser parser = new(TableLog.Text(input));
        while (!parser.AtEnd)
        {
            parser.ParseNext();
        }
    }
}
