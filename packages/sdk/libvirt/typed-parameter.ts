/** The numbers in `TypedParameter.value.type`. */
export { TypedParameterType } from "@vireo/rpc/constant/typed-param";
