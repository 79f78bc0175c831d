using System;
using System.Collections.Generic;
using System.Linq.Expressions;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Lambdas;

/// <summary>
/// A condition on rows of an own type, written as a C# lambda, as a predicate over columns. It keeps the rows for which
/// the lambda is true: null is compared as C# does, while floating numbers (NaN is the greatest and equals itself) and
/// overflow are Spark's. Expression trees are read, never compiled.
/// </summary>
internal static class LambdaPredicate
{
    /// <summary>What analyses the condition over the columns of a table or file.</summary>
    /// <exception cref="QueryException">A part of the lambda has no counterpart; it is named.</exception>
    public static Func<DataType, Expression> Translate<T>(Expression<Func<T, bool>> condition)
        where T : IPolderRow<T>
    {
        ArgumentNullException.ThrowIfNull(condition);
        Dictionary<ParameterExpression, RowShape> rows = new() { [condition.Parameters[0]] = T.Shape };
        SyntaxNode syntax = new LambdaConditions(rows).Translate(condition.Body);
        string text = condition.Body.ToString();
        return schema => ExpressionAnalyzer.AnalyzeCondition(syntax, text, schema);
    }
}
