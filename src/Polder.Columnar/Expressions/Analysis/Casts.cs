using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Makes <see cref="Cast"/> nodes, checked and with Spark's nullability.</summary>
internal static class Casts
{
    /// <summary>The expression as that type; itself where it is one. Inserted casts have no span.</summary>
    public static Expression Implicitly(Expression source, DataType type)
    {
        if (Coercion.IsSame(source.Type, type))
        {
            return source;
        }

        if (!CastRules.CanCast(source.Type, type))
        {
            throw AnalysisErrors.NoCast(
                ExpressionText.Format(source), source.Type, type, CastMode.Ansi, source.Span);
        }

        return new Cast(source, type, CastRules.IsNullable(source.Type, type, source.Nullable, CastMode.Ansi));
    }

    /// <summary>A cast by the name of its type: int(x).</summary>
    public static Expression ByName(Expression source, DataType type, TextSpan span)
    {
        Cast written = Explicitly(source, type, CastMode.Ansi, span);
        return new Cast(written.Source, written.Type, written.Nullable, written.Mode, span);
    }

    /// <summary>A cast that is written. CHAR and VARCHAR are read as STRING, as Spark does in expressions.</summary>
    public static Cast Explicitly(Expression source, DataType type, CastMode mode, TextSpan span)
    {
        type = WithoutLengths(type);
        bool nullable = CastRules.IsNullable(source.Type, type, source.Nullable, mode);
        Cast cast = new(source, type, nullable, mode, span) { IsWritten = true };
        if (!CastRules.CanCast(source.Type, type))
        {
            throw AnalysisErrors.NoCast(ExpressionText.Format(cast), source.Type, type, mode, span);
        }

        return cast;
    }

    /// <summary>The type with STRING for every CHAR and VARCHAR.</summary>
    public static DataType WithoutLengths(DataType type) => type.Kind switch
    {
        TypeKind.Char or TypeKind.Varchar => DataType.String,
        TypeKind.Array => DataType.Array(WithoutLengths(type.Element!), type.ContainsNull),
        TypeKind.Map => DataType.Map(WithoutLengths(type.Key!), WithoutLengths(type.Element!), type.ContainsNull),
        TypeKind.Struct => DataType.Struct([.. type.Fields.Select(field =>
            new StructField(field.Name, WithoutLengths(field.Type), field.Nullable, field.Metadata))]),
        _ => type,
    };
}
