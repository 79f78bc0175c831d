using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>The functions of variants.</summary>
internal static class VariantCompiler
{
    /// <summary>The kernel of a call.</summary>
    public static Kernel Compile(Call call, Kernel[] operands, EvaluationContext context)
    {
        Zone zone = Zone.Of(context.TimeZone);
        return call.Function switch
        {
            Function.ParseJson => new MapKernel(operands[0], new ParseJsonFunction(isTry: false, call.Span)),
            Function.TryParseJson => new MapKernel(operands[0], new ParseJsonFunction(isTry: true, call.Span)),
            Function.VariantGet => Get(call, operands, "variant_get", isTry: false, context),
            Function.TryVariantGet => Get(call, operands, "try_variant_get", isTry: true, context),
            Function.ToJson => new MapKernel(operands[0], new VariantTextFunction(isSchema: false, zone)),
            Function.SchemaOfVariant => new MapKernel(operands[0], new VariantTextFunction(isSchema: true, zone)),
            Function.IsVariantNull => new IsVariantNullKernel(operands[0]),
            _ => new MapKernel(operands[0], new ToVariant(operands[0].Type)),
        };
    }

    private static Kernel Get(Call call, Kernel[] operands, string name, bool isTry, EvaluationContext context)
    {
        VariantPathKernel part = new(operands[0], operands[1], name, call.Span);
        return call.Type.Kind == TypeKind.Variant
            ? part
            : new MapKernel(
                part, CastCompiler.Create(new CastRequest(DataType.Variant, call.Type, isTry, call.Span, context)));
    }
}
